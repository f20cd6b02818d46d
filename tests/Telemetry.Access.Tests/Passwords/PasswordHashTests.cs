using System.Text;

namespace Telemetry.Access.Tests;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_hash_survives_its_text_and_knows_its_password_only()
    {
        var hash = PasswordHash.Of("пароль", 1_000);
        PasswordHash read = PasswordHash.Parse(hash.Text)!;

        Assert.Equal(hash.Text, read.Text);
        Assert.True(read.Matches(Encoding.UTF8.GetBytes("пароль")));
        Assert.False(read.Matches(Encoding.UTF8.GetBytes("парол")));
        Assert.False(read.Matches([]));
        Assert.NotEqual(hash.Text, PasswordHash.Of("пароль", 1_000).Text);
    }

    [Fact]
    public void It_is_PBKDF2_with_SHA_256_as_others_compute_it()
    {
        // python3: hashlib.pbkdf2_hmac('sha256', b'password', b'0123456789abcdef', 1000)
        const string text =
            "pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$hRRjgXWkW8ResfIvBP99J_T4vkgEmMRV_0tJTOjR59I";
        Assert.True(PasswordHash.Parse(text)!.Matches("password"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("argon2id$1000$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pbkdf2-sha256$999$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pbkdf2-sha256$2000001$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pbkdf2-sha256$1000$MDEy$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$AAAA")]
    [InlineData("pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$?AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_hash_is_not_read(string text) => Assert.Null(PasswordHash.Parse(text));

    [Fact]
    public void Generated_passwords_differ_and_need_no_quotes()
    {
        string[] passwords = [.. Enumerable.Range(0, 100).Select(_ => GeneratedPassword.Next())];

        Assert.Equal(100, passwords.Distinct().Count());
        Assert.All(passwords, password => Assert.True(password.Length * Math.Log2(62) >= 192));
        Assert.All(passwords, password => Assert.True(password.All(char.IsAsciiLetterOrDigit)));
    }
}
