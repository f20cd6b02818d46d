using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;

namespace Telemetry.Access.Tests;

public sealed class GatewayAuthenticatorTests : IAsyncLifetime, IDisposable
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("10.0.0.7");
    private readonly Scratch _scratch = new();
    private readonly List<string> _disconnected = [];
    private int _reviews;
    private GatewayAccess _access = null!;

    public async Task InitializeAsync()
    {
        await _scratch.PutAsync(
            Scratch.Identity("gw-1"),
            Scratch.Identity("gone") with { Revoked = _scratch.Time.GetUtcNow() },
            Scratch.Identity("gw-c") with { Password = null, Certificates = ["gw-c.mine.example"] });
        _access = Open(AnonymousRule.OnLoopback);
    }

    public async Task DisposeAsync() => await _access.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("gw-1", "right", AuthenticationOutcome.Accepted, AccessReason.Password)]
    [InlineData("gw-1", "wrong", AuthenticationOutcome.BadUserNameOrPassword, AccessReason.WrongPassword)]
    [InlineData("gw-1", null, AuthenticationOutcome.BadUserNameOrPassword, AccessReason.WrongPassword)]
    [InlineData("nobody", "right", AuthenticationOutcome.BadUserNameOrPassword, AccessReason.UnknownName)]
    [InlineData("", "right", AuthenticationOutcome.BadUserNameOrPassword, AccessReason.UnknownName)]
    [InlineData("gone", "right", AuthenticationOutcome.NotAuthorized, AccessReason.Revoked)]
    [InlineData("gw-c", "right", AuthenticationOutcome.BadUserNameOrPassword, AccessReason.WrongPassword)]
    [InlineData(null, null, AuthenticationOutcome.NotAuthorized, AccessReason.NameMissing)]
    [InlineData(null, "right", AuthenticationOutcome.NotAuthorized, AccessReason.NameMissing)]
    public async Task A_client_from_elsewhere_is_judged_by_user_name_and_password(
        string? user, string? password, AuthenticationOutcome outcome, AccessReason reason)
    {
        Admission admission = await JudgeAsync(user, password, Elsewhere);

        Assert.Equal(outcome, admission.Outcome);
        Assert.Equal(outcome == AuthenticationOutcome.Accepted ? user : null, admission.Identity);
        Assert.Equal(1, _access.Metrics.Judged(reason));
    }

    [Theory]
    [InlineData(AnonymousRule.OnLoopback, "127.0.0.1", true)]
    [InlineData(AnonymousRule.OnLoopback, "::1", true)]
    [InlineData(AnonymousRule.OnLoopback, "::ffff:127.0.0.9", true)]
    [InlineData(AnonymousRule.OnLoopback, "10.0.0.7", false)]
    [InlineData(AnonymousRule.OnLoopback, null, false)] // behind a proxy that does not say
    [InlineData(AnonymousRule.Everywhere, "10.0.0.7", true)]
    [InlineData(AnonymousRule.Nowhere, "127.0.0.1", false)]
    public async Task Without_a_name_it_depends_on_where_a_client_comes_from(
        AnonymousRule rule, string? address, bool isAccepted)
    {
        await using GatewayAccess access = Open(rule);
        var credentials = new ConnectCredentials
        {
            ClientIdentifier = "c",
            RemoteAddress = address is null ? null : IPAddress.Parse(address),
        };
        Admission admission = await access.Authenticator.AuthenticateAsync(credentials, CancellationToken.None);
        Admission empty = await access.Authenticator.AuthenticateAsync(
            credentials with { UserName = "", Password = [] }, CancellationToken.None);

        Assert.Equal(admission.Outcome, empty.Outcome);

        Assert.Equal(isAccepted, admission.Outcome == AuthenticationOutcome.Accepted);
        Assert.Null(admission.Identity);
        if (isAccepted)
        {
            Assert.True(admission.Rights.MayPublish("a/b"u8));
            Assert.False(admission.Rights.MayPublish("telemetry/pilot/alarms/x"u8));
        }
    }

    [Theory]
    [InlineData("gw-c.mine.example", null, AccessReason.Certificate)]
    [InlineData("GW-C.mine.example", null, AccessReason.Certificate)] // case of DNS names does not matter
    [InlineData("gw-c.mine.example", "gw-c", AccessReason.Certificate)]
    [InlineData("gw-c.mine.example", "gw-1", AccessReason.NameMismatch)]
    [InlineData("stranger", null, AccessReason.UnknownCertificate)]
    [InlineData("stranger", "gw-1", AccessReason.Password)]
    public async Task A_certificate_proves_who_has_its_name(string common, string? user, AccessReason reason)
    {
        using X509Certificate2 certificate = CertificateNamesTests.Make($"CN={common}");
        await JudgeAsync(user, "right", Elsewhere, certificate);

        Assert.Equal(1, _access.Metrics.Judged(reason));
    }

    [Fact]
    public async Task A_password_is_hashed_once_and_then_known()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(AuthenticationOutcome.Accepted, (await JudgeAsync("gw-1", "right", Elsewhere)).Outcome);
        }

        Assert.Equal((1, 2), (_access.Metrics.Hashes, _access.Metrics.CacheHits));
    }

    [Fact]
    public async Task After_ten_failures_even_the_right_password_is_refused_unseen_until_the_minute_is_over()
    {
        for (int i = 0; i < AccessLimits.FailuresPerNameMax; i++)
        {
            await JudgeAsync("gw-1", "wrong", Elsewhere);
        }

        long hashes = _access.Metrics.Hashes;
        Assert.Equal(AuthenticationOutcome.NotAuthorized, (await JudgeAsync("gw-1", "right", Elsewhere)).Outcome);
        Assert.Equal(hashes, _access.Metrics.Hashes);
        Assert.Equal(1, _access.Metrics.Judged(AccessReason.TooManyAttempts));
        Assert.Equal(AuthenticationOutcome.Accepted, (await JudgeAsync("gw-1", "right", IPAddress.Loopback)).Outcome);

        _scratch.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AuthenticationOutcome.Accepted, (await JudgeAsync("gw-1", "right", Elsewhere)).Outcome);
    }

    [Theory]
    [InlineData(-1, AuthenticationOutcome.Accepted)] // the last attempt before the ceiling is judged
    [InlineData(0, AuthenticationOutcome.NotAuthorized)] // the one after it is refused unseen
    public async Task An_address_has_so_many_failures_a_minute_whatever_the_names(
        int beyond, AuthenticationOutcome outcome)
    {
        for (int i = 0; i < AccessLimits.FailuresPerAddressMax + beyond; i++)
        {
            await JudgeAsync($"nobody-{i}", "wrong", Elsewhere);
        }

        Assert.Equal(outcome, (await JudgeAsync("gw-1", "right", Elsewhere)).Outcome);
    }

    [Fact]
    public async Task Rights_follow_the_file_and_end_with_a_revocation_which_disconnects()
    {
        IClientRights rights = (await JudgeAsync("gw-1", "right", Elsewhere)).Rights;
        Assert.True(rights.MayPublish("gw-1/temp"u8));
        Assert.False(rights.MayPublish("other/temp"u8));
        Assert.True(rights.MaySubscribe("gw-1/+/set"u8));
        Assert.False(rights.MaySubscribe("#"u8));

        await _scratch.ChangeAsync("gw-1", identity => identity with { Publish = ["#"], Subscribe = ["+/temp"] });
        _scratch.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(rights.MayPublish("other/temp"u8));
        Assert.False(rights.MayPublish("telemetry/pilot/alarms/CR-201/temp/high"u8));
        Assert.True(rights.MaySubscribe("+/temp"u8));
        Assert.False(rights.MaySubscribe("gw-1/#"u8));
        Assert.Empty(_disconnected);

        await _scratch.ChangeAsync("gw-1", identity => identity with { Revoked = _scratch.Time.GetUtcNow() });
        _scratch.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(rights.MayPublish("other/temp"u8));
        Assert.False(rights.MaySubscribe("+/temp"u8));
        Assert.Equal(["gw-1"], _disconnected);
        Assert.Equal(AuthenticationOutcome.NotAuthorized, (await JudgeAsync("gw-1", "right", Elsewhere)).Outcome);
    }

    [Fact]
    public async Task Rights_can_be_asked_for_who_is_away_and_each_change_asks_for_a_review()
    {
        IClientRights admitted = (await JudgeAsync("gw-1", "right", Elsewhere)).Rights;
        Assert.True(admitted.IsInForce);
        Assert.True(_access.Authenticator.FindRights("gw-1", "client-1")!.MaySubscribe("gw-1/#"u8));
        Assert.Null(_access.Authenticator.FindRights("gone", "client-1"));
        Assert.Null(_access.Authenticator.FindRights("nobody", "client-1"));
        Assert.Equal(1, _reviews);

        await _scratch.ChangeAsync("gw-1", _ => Scratch.Identity("gw-1", "another"));
        _scratch.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _reviews);
        Assert.False(admitted.IsInForce);
        Assert.True(_access.Authenticator.FindRights("gw-1", "client-1")!.IsInForce);
    }

    [Fact]
    public async Task A_disconnect_stands_in_the_audit_log()
    {
        _access.Authenticator.OnDisconnected("gw-1", "client-1", Elsewhere, "KeepAliveTimeout");
        await _access.DisposeAsync();
        string line = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_scratch.Directory, "audit.jsonl")));
        foreach (string part in new[] { "\"disconnect\"", "\"gw-1\"", "\"client-1\"", "10.0.0.7", "KeepAliveTimeout" })
        {
            Assert.Contains(part, line, StringComparison.Ordinal);
        }
    }

    private GatewayAccess Open(AnonymousRule rule) => new(
        new DiskFileSystem(),
        _scratch.Directory,
        rule,
        _disconnected.Add,
        _ => _reviews++,
        _scratch.Time,
        NullLoggerFactory.Instance);

    private ValueTask<Admission> JudgeAsync(
        string? user, string? password, IPAddress address, X509Certificate2? certificate = null) =>
        _access.Authenticator.AuthenticateAsync(
            new ConnectCredentials
            {
                ClientIdentifier = "client-1",
                UserName = user,
                Password = password is null ? null : Encoding.UTF8.GetBytes(password),
                RemoteAddress = address,
                Certificate = certificate,
            },
            CancellationToken.None);
}
