using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

/// <summary>One service for all cases of real clients: every transport, and an identity with both proofs.</summary>
public sealed class ClientService : IAsyncLifetime, IDisposable
{
    /// <summary>User name; its rights are the topics below it.</summary>
    internal const string Gateway = "gw-clients";

    /// <summary>Password of <see cref="Gateway"/>.</summary>
    internal const string Password = "a password of the tests";

    private readonly ScratchDirectory _directory = new();
    private readonly TestAuthority _authority;
    private string _certificate = "";
    private string _key = "";

    /// <summary>Nothing runs yet.</summary>
    public ClientService() => _authority = new TestAuthority(_directory);

    internal RunningService Service { get; private set; } = null!;

    internal string AuthorityFile => _authority.File;

    internal (string Certificate, string Key) ClientFiles => (_certificate, _key);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        (string certificate, string key) = _authority.IssueServer("server");
        (_certificate, _key) = _authority.IssueClient(Gateway);
        await RunningService.CommandAsync(
            "gateway", "add", Gateway, "--data-dir", _directory.Path, "--password", Password,
            "--certificate", $"{Gateway}.example");
        Service = await RunningService.ServeAsync(
            _directory.Path,
            [
                .. Listener(0, "tls", "tcp"), .. Tls(0, certificate, key),
                .. Listener(1, "ws", "websocket"),
                .. Listener(2, "wss", "websocket"), .. Tls(2, certificate, key),
            ]);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete();
    }

    /// <summary>The port of a transport: tcp, tls, ws or wss.</summary>
    internal int PortOf(string transport) => transport == "tcp" ? Service.MqttPort : Service.PortOf(transport);

    /// <summary>What a script of tests/gateways is to do, as JSON.</summary>
    internal string Asked(string transport, int version, string proof, string topic, string measurement)
    {
        string scheme = transport switch { "tcp" => "mqtt", "tls" => "mqtts", _ => transport };
        var asked = new Dictionary<string, object>
        {
            ["url"] = $"{scheme}://127.0.0.1:{PortOf(transport)}{(transport is "ws" or "wss" ? "/mqtt" : "")}",
            ["version"] = version,
            ["topic"] = topic,
            ["measurement"] = measurement,
        };
        if (transport is "tls" or "wss")
        {
            asked["ca"] = AuthorityFile;
        }

        if (proof == "password")
        {
            (asked["user"], asked["password"]) = (Gateway, Password);
        }
        else if (proof == "certificate")
        {
            (asked["certificate"], asked["key"]) = (_certificate, _key);
        }

        return JsonSerializer.Serialize(asked);
    }

    private static string[] Listener(int index, string name, string transport) =>
    [
        "--set", $"Mqtt:Listeners:{index}:Name={name}",
        "--set", $"Mqtt:Listeners:{index}:Port=0",
        "--set", $"Mqtt:Listeners:{index}:Transport={transport}",
    ];

    private string[] Tls(int index, string certificate, string key) =>
    [
        "--set", $"Mqtt:Listeners:{index}:Tls:CertificateFile={certificate}",
        "--set", $"Mqtt:Listeners:{index}:Tls:KeyFile={key}",
        "--set", $"Mqtt:Listeners:{index}:Tls:ClientCaFile={AuthorityFile}",
    ];
}
