using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Telemetry.Access;
using Telemetry.Spool;

namespace Telemetry.Load;

/// <summary>
/// The morning after a grid cut: a service that has just started, and all gateways at once, each with TLS and a
/// password that nothing remembers, each with one message. A gateway that is refused or cut off tries again after a
/// second.
/// </summary>
internal static class Storm
{
    private const int SecondsMax = 300;

    public static async Task<int> RunAsync(string telemetry, int connections)
    {
        string folder = Directory.CreateTempSubdirectory("telemetry-storm").FullName;
        (string Name, string Password)[] gateways = await AddGatewaysAsync(folder, connections);
        (string certificate, string key, string thumbprint) = WriteCertificate(folder);
        int port = ServerProcess.FreePort();
        using ServerProcess service = await ServerProcess.StartTelemetryAsync(
            telemetry,
            $"{folder}/data",
            "--set Mqtt:AllowAnonymous=false --set Mqtt:Listeners:0:Name=tls "
            + $"--set Mqtt:Listeners:0:Port={port} --set Mqtt:Listeners:0:Tls:CertificateFile={certificate} "
            + $"--set Mqtt:Listeners:0:Tls:KeyFile={key}");
        double before = ServerCost.CpuSecondsOf(service.Pid);
        bool isGood = await MeasureAsync(gateways, port, thumbprint);
        double cpu = ServerCost.CpuSecondsOf(service.Pid) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU of the service {cpu:F1} s"));
        return isGood ? 0 : 1;
    }

    private static async Task<(string Name, string Password)[]> AddGatewaysAsync(string folder, int count)
    {
        (string Name, string Password)[] gateways =
            [.. Enumerable.Range(0, count).Select(i => ($"gateway-{i}", GeneratedPassword.Next()))];
        GatewayIdentity[] identities =
        [
            .. gateways.AsParallel().AsOrdered().Select(gateway => new GatewayIdentity
            {
                Name = gateway.Name,
                Password = PasswordHash.Of(gateway.Password, PasswordHash.IterationsGenerated),
                Publish = DefaultRights.Publish,
                Subscribe = DefaultRights.Subscribe,
            }),
        ];
        var file = new IdentityFile(new DiskFileSystem(), $"{folder}/data/access", TimeProvider.System);
        await file.ChangeAsync(_ => new IdentityTable(identities), CancellationToken.None);
        return gateways;
    }

    private static (string Certificate, string Key, string Thumbprint) WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048); // what most sites have, and the dearest for the server
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText($"{folder}/server.crt", certificate.ExportCertificatePem());
        File.WriteAllText($"{folder}/server.key", key.ExportPkcs8PrivateKeyPem());
        return ($"{folder}/server.crt", $"{folder}/server.key", certificate.Thumbprint);
    }

    private static async Task<bool> MeasureAsync(
        (string Name, string Password)[] gateways, int port, string thumbprint)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(SecondsMax));
        var server = new IPEndPoint(IPAddress.Loopback, port);
        long started = Stopwatch.GetTimestamp();
        StormGateway[] storm =
            [.. gateways.Select(gateway => new StormGateway(server, thumbprint, gateway.Name, gateway.Password))];
        await Task.WhenAll(storm.Select(gateway => gateway.RunAsync(started, deadline.Token)));
        double[] seconds = [.. storm.Where(gateway => gateway.Seconds > 0).Select(gateway => gateway.Seconds).Order()];
        foreach (StormGateway gateway in storm)
        {
            gateway.Dispose();
        }

        int failures = storm.Length - seconds.Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{storm.Length} gateways with TLS and password: last PUBACK after {seconds.LastOrDefault():F1} s, "
            + $"half of them after {seconds.ElementAtOrDefault(seconds.Length / 2):F1} s, {failures} failed, "
            + $"{storm.Sum(gateway => gateway.Retries)} tried again"));
        foreach (IGrouping<string, string> cause in storm.SelectMany(gateway => gateway.Causes).GroupBy(text => text))
        {
            Console.WriteLine($"  {cause.Count()} times: {cause.Key}");
        }

        return failures == 0;
    }
}
