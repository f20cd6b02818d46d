using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// The ways to a broker besides plain TCP, with mosquitto: certificates of both sides, users, WebSocket.
/// </summary>
public sealed class BrokerTransportTests : ServiceTests
{
    private readonly int _tlsPort = FreePort.Find();
    private readonly int _webSocketPort = FreePort.Find();
    private MqttBroker? _broker;

    private protected override string[] Arguments =>
    [
        .. BrokerSettings.OfUrl(
            0,
            $"mqtts://localhost:{_tlsPort}",
            "Filters:0=a/#",
            "UserName=telemetry",
            $"PasswordFile={Directory.At("password")}",
            $"CaFile={Directory.At("ca.pem")}",
            $"CertificateFile={Directory.At("client.pem")}",
            $"KeyFile={Directory.At("client.key")}"),
        .. BrokerSettings.OfUrl(1, $"ws://127.0.0.1:{_webSocketPort}/mqtt", "Filters:0=b/#", "Protocol=3.1.1"),
        .. BrokerSettings.OfUrl(2, $"mqtts://localhost:{_tlsPort}", "Filters:0=c/#"),
    ];

    public override async Task InitializeAsync()
    {
        WriteCertificates();
        await File.WriteAllTextAsync(Directory.At("password"), "secret\n");
        await ToolRun.RunAsync("mosquitto_passwd", "-c", "-b", Directory.At("users"), "telemetry", "secret");
        _broker = MosquittoBroker.With(Directory.Path, $"""
            listener {_webSocketPort} 127.0.0.1
            protocol websockets
            allow_anonymous true
            listener {_tlsPort} 127.0.0.1
            allow_anonymous false
            password_file {Directory.At("users")}
            cafile {Directory.At("ca.pem")}
            certfile {Directory.At("server.pem")}
            keyfile {Directory.At("server.key")}
            require_certificate true
            """);
        await _broker.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await (_broker?.DisposeAsync() ?? default);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Both_ways_bring_messages_and_a_broker_without_trust_is_not_spoken_to()
    {
        await Service.ExpectMetricAsync("telemetry_broker_connected{broker=\"plant0\"}", 1);
        await Service.ExpectMetricAsync("telemetry_broker_connected{broker=\"plant1\"}", 1);
        await PublishAsync("a/x", "a v=1");
        await PublishAsync("b/x", "b v=2");

        await Service.ExpectAsync("SELECT v FROM a", 1);
        await Service.ExpectAsync("SELECT v FROM b", 2);
        Assert.Equal(0, await Service.MetricAsync("telemetry_broker_connects_total{broker=\"plant2\"}"));
        await Until.Async(
            "health names the certificate",
            () => Service.TextAsync("/health"),
            health => health.Contains("certificate", StringComparison.Ordinal));
    }

    private Task<string> PublishAsync(string topic, string payload) => ToolRun.RunAsync(
        "mosquitto_pub", "-p", $"{_broker!.Port}", "-q", "1", "-t", topic, "-m", payload);

    private void WriteCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Directory.At("ca.pem"), authority.ExportCertificatePem());
        WriteCertificate(authority, "server", "localhost");
        WriteCertificate(authority, "client", "telemetry");
    }

    private void WriteCertificate(X509Certificate2 authority, string file, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(
            authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Directory.At($"{file}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Directory.At($"{file}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
