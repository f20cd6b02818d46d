using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Access;

/// <summary>
/// A password at rest: PBKDF2 with SHA-256 (RFC 8018), written as <c>pbkdf2-sha256$ITERATIONS$SALT$DIGEST</c> with both
/// byte strings in base64url.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>
    /// Iterations for passwords that a person chose: they can be guessed, so each guess must cost (OWASP's advice for
    /// PBKDF2-SHA256 is in this range).
    /// </summary>
    public const int IterationsChosen = 210_000;

    /// <summary>
    /// Iterations for generated passwords. With 192 random bits nobody guesses them, however cheap a guess is; and two
    /// thousand gateways that come back after a grid cut are hashed in seconds.
    /// </summary>
    public const int IterationsGenerated = 10_000;

    private const string Algorithm = "pbkdf2-sha256";
    private const int IterationsMin = 1_000;
    private const int IterationsMax = 2_000_000; // half a second; more in a file would be a way to stop the service
    private const int SaltBytes = 16;
    private const int DigestBytes = 32;
    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _digest;

    private PasswordHash(int iterations, byte[] salt, byte[] digest)
    {
        _iterations = iterations;
        _salt = salt;
        _digest = digest;
        Text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Algorithm}${iterations}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(digest)}");
    }

    /// <summary>The hash as it is written; equal for equal hashes.</summary>
    public string Text { get; }

    /// <summary>Hashes a password with a fresh salt.</summary>
    public static PasswordHash Of(string password, int iterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Derive(Encoding.UTF8.GetBytes(password), salt, iterations));
    }

    /// <summary>Reads a hash as it is written; null when it is none.</summary>
    public static PasswordHash? Parse(string text)
    {
        string[] parts = text.Split('$');
        bool isOurs = parts is [Algorithm, _, _, _]
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            && iterations is >= IterationsMin and <= IterationsMax
            && Base64Url.IsValid(parts[2], out int saltBytes)
            && saltBytes >= SaltBytes
            && Base64Url.IsValid(parts[3], out int digestBytes)
            && digestBytes == DigestBytes;
        return isOurs
            ? new PasswordHash(
                int.Parse(parts[1], CultureInfo.InvariantCulture),
                Base64Url.DecodeFromChars(parts[2]),
                Base64Url.DecodeFromChars(parts[3]))
            : null;
    }

    /// <summary>Whether a password is the hashed one. Takes milliseconds by design.</summary>
    public bool Matches(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _digest);

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, DigestBytes);
}
