namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// Clients that others wrote, each over the transports, levels and proofs it has: what they publish is acknowledged,
/// stored and given back, QoS 2 once, also when the connection is cut and while the subscriber is away.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class ClientMatrixTests(ClientService clients) : IClassFixture<ClientService>
{
    private const int PerBatch = 20; // as in tests/gateways/exchange.*
    private const int Messages = 7 * PerBatch; // three levels at first, two in each of the batches that follow

    /// <summary>Client, transport, protocol level (4 is 3.1.1), what proves who it is.</summary>
    public static TheoryData<string, string, int, string> Scripted { get; } = Cases(
        ["exchange.mjs", "exchange.py"],
        [
            ("tcp", "nothing"), ("tcp", "password"), ("tls", "password"), ("tls", "certificate"),
            ("ws", "password"), ("wss", "password"), ("wss", "certificate"),
        ]);

    /// <summary>The same for mosquitto's clients, which have no WebSocket.</summary>
    public static TheoryData<string, string, int, string> Mosquitto { get; } = Cases(
        ["mosquitto"], [("tcp", "nothing"), ("tcp", "password"), ("tls", "password"), ("tls", "certificate")]);

    [Theory]
    [MemberData(nameof(Scripted))]
    public async Task What_a_library_publishes_is_acknowledged_stored_and_given_back(
        string script, string transport, int version, string proof)
    {
        (string topic, string measurement) = NamesOf(script, transport, version, proof);
        string asked = clients.Asked(transport, version, proof, topic, measurement);
        string program = script == "exchange.py" ? "/usr/bin/python3" : "node"; // where Debian's packages are found

        string output = await ToolRun.RunAsync(
            program, Path.Combine(RunningService.Repository, "tests", "gateways", script), asked);

        Assert.Contains(
            $"{Messages} acknowledged, {Messages} received, 0 twice, resumed true", output, StringComparison.Ordinal);
        await ExpectStoredAsync(measurement, Messages);
    }

    [Theory]
    [MemberData(nameof(Mosquitto))]
    public async Task What_mosquitto_pub_publishes_is_acknowledged_stored_and_given_back(
        string client, string transport, int version, string proof)
    {
        (string topic, string measurement) = NamesOf(client, transport, version, proof);
        string[] with = MosquittoOptions(transport, version, proof);
        string[] session = version == 5 ? ["-x", "3600"] : [];
        string[] subscriber =
            ["-oL", "mosquitto_sub", .. with, .. session, "-d", "-i", measurement, "-c", "-q", "2", "-t", topic];

        await using (ToolRun here = ToolRun.Start("stdbuf", subscriber))
        {
            await here.WaitForAsync("SUBACK");
            await PublishAsync(with, topic, measurement, qos: 1, from: 0);
            await PublishAsync(with, topic, measurement, qos: 2, from: PerBatch);
            await here.WaitForAsync($"n={(2 * PerBatch) - 1}i");
            ExpectOnce(here.Output, from: 0, until: 2 * PerBatch);
            await here.TerminateAsync();
            await here.WaitAsync();
        }

        await PublishAsync(with, topic, measurement, qos: 1, from: 2 * PerBatch);
        await PublishAsync(with, topic, measurement, qos: 2, from: 3 * PerBatch);
        await using (ToolRun back = ToolRun.Start("stdbuf", [.. subscriber, "-C", $"{2 * PerBatch}"]))
        {
            Assert.Equal(0, await back.WaitAsync());
            ExpectOnce(back.Output, from: 2 * PerBatch, until: 4 * PerBatch);
        }

        await ExpectStoredAsync(measurement, 4 * PerBatch);
    }

    private static TheoryData<string, string, int, string> Cases(
        string[] clients, (string Transport, string Proof)[] ways)
    {
        var cases = new TheoryData<string, string, int, string>();
        foreach (string client in clients)
        {
            foreach ((string transport, string proof) in ways)
            {
                cases.Add(client, transport, 4, proof);
                cases.Add(client, transport, 5, proof);
            }
        }

        return cases;
    }

    private static (string Topic, string Measurement) NamesOf(
        string client, string transport, int version, string proof)
    {
        string measurement = $"{client}_{transport}_{version}_{proof}".Replace('.', '_');
        return ($"{ClientService.Gateway}/{measurement}", measurement);
    }

    private static void ExpectOnce(string output, int from, int until)
    {
        for (int n = from; n < until; n++)
        {
            Assert.Single(output.Split('\n'), line => line.Contains($" n={n}i ", StringComparison.Ordinal));
        }
    }

    private string[] MosquittoOptions(string transport, int version, string proof) =>
    [
        "-h", "127.0.0.1", "-p", $"{clients.PortOf(transport)}", "-V", version == 5 ? "mqttv5" : "mqttv311",
        .. transport == "tls" ? ["--cafile", clients.AuthorityFile] : Array.Empty<string>(),
        .. proof switch
        {
            "password" => ["-u", ClientService.Gateway, "-P", ClientService.Password],
            "certificate" => ["--cert", clients.ClientFiles.Certificate, "--key", clients.ClientFiles.Key],
            _ => Array.Empty<string>(),
        },
    ];

    /// <summary>A batch over one connection; each message is acknowledged before the program ends.</summary>
    private static async Task PublishAsync(string[] with, string topic, string measurement, int qos, int from)
    {
        string[] lines =
        [
            .. Enumerable.Range(from, PerBatch)
                .Select(n => $"{measurement},qos={qos} n={n}i {1_700_000_000_000 + n}000000"),
        ];
        string[] publisher = ["mosquitto_pub", .. with, "-d", "-q", $"{qos}", "-t", topic, "-l"];
        string output = await ToolRun.RunAsync(
            "sh", ["-c", "printf '%s\\n' \"$0\" | \"$@\"", string.Join('\n', lines), .. publisher]);

        string acknowledgement = qos == 1 ? "received PUBACK" : "received PUBCOMP";
        Assert.Equal(
            PerBatch, output.Split('\n').Count(line => line.Contains(acknowledgement, StringComparison.Ordinal)));
    }

    private async Task ExpectStoredAsync(string measurement, int count)
    {
        await clients.Service.ExpectAsync($"SELECT count(n) FROM {measurement}", count);
        await clients.Service.ExpectAsync($"SELECT sum(n) FROM {measurement}", count * (count - 1) / 2);
    }
}
