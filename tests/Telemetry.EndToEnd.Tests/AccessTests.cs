using System.Text.Json;
using System.Text.RegularExpressions;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Identities: who may connect over TLS, what it may do, and what is left of it.</summary>
[Collection(OneAtATime.Name)]
public sealed class AccessTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly TestAuthority _authority;
    private RunningService _service = null!;

    public AccessTests() => _authority = new TestAuthority(_directory);

    public async Task InitializeAsync()
    {
        (string certificate, string key) = _authority.IssueServer("server");
        _service = await RunningService.ServeAsync(
            _directory.Path,
            "--set", "Mqtt:Listeners:0:Name=tls",
            "--set", "Mqtt:Listeners:0:Port=0",
            "--set", $"Mqtt:Listeners:0:Tls:CertificateFile={certificate}",
            "--set", $"Mqtt:Listeners:0:Tls:KeyFile={key}",
            "--set", $"Mqtt:Listeners:0:Tls:ClientCaFile={_authority.File}");
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete();
    }

    [Fact]
    public async Task Over_TLS_the_right_password_publishes_and_a_wrong_one_is_refused()
    {
        string password = await AddAsync("gw-1");

        await PublishAsync("gw-1/pump", "pump temp=1", "-u", "gw-1", "-P", password);
        string refused = await RefusedAsync("gw-1/pump", "pump temp=2", "-u", "gw-1", "-P", "wrong");

        Assert.Contains("bad user name or password", refused, StringComparison.OrdinalIgnoreCase);
        await _service.ExpectAsync("SELECT count(temp) FROM pump", 1);
        await ExpectAuditAsync("connect", "gw-1");
        await ExpectAuditAsync("refuse", "gw-1");
    }

    [Fact]
    public async Task A_client_certificate_proves_its_identity_and_a_strangers_is_refused()
    {
        await GatewayAsync("add", "gw-c", "--certificate", "gw-c.example");
        (string certificate, string key) = _authority.IssueClient("gw-c");
        (string unknown, string unknownKey) = _authority.IssueClient("unknown");
        using var strangers = new TestAuthority(_directory, "strangers");
        (string foreign, string foreignKey) = strangers.IssueClient("foreign");
        await WaitForIdentitiesAsync(1);

        await PublishAsync("gw-c/fan", "fan speed=1", "--cert", certificate, "--key", key);
        await RefusedAsync("gw-c/fan", "fan speed=2", "--cert", unknown, "--key", unknownKey);
        await RefusedAsync("gw-c/fan", "fan speed=3", "--cert", foreign, "--key", foreignKey);

        await _service.ExpectAsync("SELECT count(speed) FROM fan", 1);
        Assert.Equal(1, await _service.MetricAsync("telemetry_access_refused_total{reason=\"unknown_certificate\"}"));
    }

    [Fact]
    public async Task A_new_password_is_good_within_a_second_and_the_old_one_is_void()
    {
        string old = await AddAsync("gw-1");
        await PublishAsync("gw-1/pump", "pump temp=1", "-u", "gw-1", "-P", old);
        string rotated = PasswordIn(await GatewayAsync("rotate", "gw-1"));

        await ExpectAuditAsync("withdraw", "gw-1");
        await PublishAsync("gw-1/pump", "pump temp=2", "-u", "gw-1", "-P", rotated);
        await RefusedAsync("gw-1/pump", "pump temp=3", "-u", "gw-1", "-P", old);
    }

    [Fact]
    public async Task What_an_identity_has_no_right_to_is_refused_and_noted()
    {
        string password = await AddAsync("gw-1");
        string[] who = ["-u", "gw-1", "-P", password, "-V", "mqttv5", "-d"];

        await TryPublishAsync("gw-2/pump", "stolen temp=1", who);
        await PublishAsync("gw-1/pump", "own temp=1", who);
        await using ToolRun subscriber = Subscribe([.. who, "-t", "#"]);
        await subscriber.WaitForAsync("requests were denied");

        await _service.ExpectAsync("SELECT count(temp) FROM own", 1);
        Assert.Empty(await _service.RowsAsync("SELECT temp FROM stolen"));
        await ExpectAuditAsync("deny_publish", "gw-1");
        await ExpectAuditAsync("deny_subscribe", "gw-1");
    }

    [Fact]
    public async Task Who_is_revoked_is_disconnected_and_does_not_come_back()
    {
        string password = await AddAsync("gw-1");
        string[] who = ["-u", "gw-1", "-P", password, "-V", "mqttv5", "-d"];
        await using ToolRun subscriber = Subscribe([.. who, "-t", "gw-1/#"]);
        await subscriber.WaitForAsync("SUBACK");
        await GatewayAsync("revoke", "gw-1");

        await subscriber.WaitForAsync("DISCONNECT");
        await RefusedAsync("gw-1/pump", "pump temp=1", who);
        await ExpectAuditAsync("withdraw", "gw-1");
    }

    /// <summary>Adds an identity and gives its password, once the service knows it.</summary>
    private async Task<string> AddAsync(string name)
    {
        string password = PasswordIn(await GatewayAsync("add", name));
        await WaitForIdentitiesAsync(1);
        return password;
    }

    private Task WaitForIdentitiesAsync(int count) => _service.ExpectMetricAsync("telemetry_access_identities ", count);

    private Task<string> GatewayAsync(string action, string name, params string[] arguments) =>
        RunningService.CommandAsync(["gateway", action, name, "--data-dir", _directory.Path, .. arguments]);

    private static string PasswordIn(string output) => Regex.Match(output, @"shown this once: (\w+)").Groups[1].Value;

    private string[] Tls() => ["-h", "127.0.0.1", "-p", $"{_service.PortOf("tls")}", "--cafile", _authority.File];

    private Task<string> PublishAsync(string topic, string payload, params string[] arguments) =>
        ToolRun.RunAsync("mosquitto_pub", [.. Tls(), "-q", "1", "-t", topic, "-m", payload, .. arguments]);

    private ToolRun Subscribe(string[] arguments) =>
        ToolRun.Start("stdbuf", ["-oL", "mosquitto_sub", .. Tls(), .. arguments]);

    private async Task<int> TryPublishAsync(string topic, string payload, params string[] arguments)
    {
        await using ToolRun publisher =
            ToolRun.Start("mosquitto_pub", [.. Tls(), "-q", "1", "-t", topic, "-m", payload, .. arguments]);
        return await publisher.WaitAsync();
    }

    private async Task<string> RefusedAsync(string topic, string payload, params string[] arguments)
    {
        await using ToolRun publisher =
            ToolRun.Start("mosquitto_pub", [.. Tls(), "-q", "1", "-t", topic, "-m", payload, .. arguments]);
        Assert.NotEqual(0, await publisher.WaitAsync());
        return publisher.Output;
    }

    private Task<bool> ExpectAuditAsync(string name, string identity) => Until.Async(
        $"the audit log has {name} of {identity}",
        async () => (await File.ReadAllLinesAsync(_directory.At("access/audit.jsonl")))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Any(line => line.GetProperty("event").GetString() == name
                && line.TryGetProperty("identity", out JsonElement who) && who.GetString() == identity),
        found => found);
}
