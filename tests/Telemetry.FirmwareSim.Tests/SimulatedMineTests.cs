using Telemetry.FirmwareSim.Tests.Sending;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim.Tests;

public sealed class SimulatedMineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // One gateway with one signal, so that the order of messages is the order of the server.
    private static readonly SiteCatalogue SmallSite = SiteFile.Load(
        """
        site: p
        gateways: [{id: GW-1, format: json-flat}]
        equipment: {T: {signals: {a: {unit: A, range: [0, 9], noise: 0.5, period: 1}}}}
        assets: [{id: A-1, type: T, area: x, gateway: GW-1}]
        """,
        "small.yaml").Catalogue!;

    [Fact]
    public async Task Every_gateway_connects_under_its_own_name_and_is_acknowledged()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Verdict.Acknowledge);
        using var stop = new CancellationTokenSource();
        var mine = new SimulatedMine(Runs.Site, new SimulatorOptions { Port = server.Port, SpeedFactor = 10 });
        Task running = mine.RunAsync(stop.Token);

        string[] expected = [.. Runs.Site.Gateways.Select(gateway => gateway.Id).Where(id => id != "GW-MINE").Order()];
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        while (seen.Count < expected.Length)
        {
            ReceivedMessage message = await NextAsync(server);
            Assert.NotEmpty(Runs.Parse(message.Topic, message.Body));
            seen.Add(message.ClientIdentifier);
        }

        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.Equal(expected, seen);
        Assert.Equal(expected, mine.Status.Select(status => status.Gateway).Order());
        Assert.All(mine.Status, status => Assert.Equal((1, false), (status.ConnectCount, status.IsConnected)));
    }

    [Fact]
    public async Task What_a_lost_connection_left_unacknowledged_is_sent_again_first_and_nothing_is_missing()
    {
        await using var server = new LoopbackServer(message => message.Connection switch
        {
            1 when message.PacketIdentifier <= 3 => LoopbackServer.Verdict.Keep,
            1 => LoopbackServer.Verdict.Close,
            _ => LoopbackServer.Verdict.Acknowledge,
        });
        using var stop = new CancellationTokenSource();
        Task running = Run(server, new SimulatorOptions { Rate = 100 }, stop.Token);

        var first = new List<ReceivedMessage>();
        var second = new List<ReceivedMessage>();
        while (second.Count < 30)
        {
            ReceivedMessage message = await NextAsync(server);
            (message.Connection == 1 ? first : second).Add(message);
        }

        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.Equal(first.Select(message => message.Body), second.Take(4).Select(message => message.Body));
        Assert.All(first, message => Assert.False(message.Dup));
        Assert.All(second.Take(4), message => Assert.True(message.Dup));
        string[] expected = Bodies(30, second[0].Body);
        Assert.Equal(expected, second.Select(message => message.Body));
    }

    [Fact]
    public async Task What_loses_its_acknowledgement_is_sent_twice_under_its_identifier_and_counted()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Verdict.Acknowledge);
        using var stop = new CancellationTokenSource();
        var text = new StringWriter();
        using var ledger = new FirmwareLedger(text);
        var options = new SimulatorOptions
        {
            Rate = 100,
            InFlightMax = 1,
            Port = server.Port,
            Firmware = new() { Duplicates = 1 },
            Ledger = ledger,
        };
        var mine = new SimulatedMine(SmallSite, options);
        Task running = mine.RunAsync(stop.Token);

        for (int i = 0; i < 5; i++)
        {
            ReceivedMessage first = await NextAsync(server);
            ReceivedMessage second = await NextAsync(server);
            Assert.Equal((false, true), (first.Dup, second.Dup));
            Assert.Equal(first with { Dup = true }, second);
        }

        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        GatewayStatus status = mine.Status.Single();
        Assert.InRange(status.RepeatedCount, 5, status.SentCount);
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(status.RepeatedCount, lines.Count(line => line.Contains("\"repeated\":true")));
        Assert.Equal(status.SentCount, lines.Count(line => line.Contains("\"samples\"")));
    }

    [Fact]
    public async Task No_more_than_the_window_is_sent_without_an_acknowledgement()
    {
        const int Window = 5;
        await using var server = new LoopbackServer(message =>
            message.Connection == 1 ? LoopbackServer.Verdict.Keep : LoopbackServer.Verdict.Acknowledge);
        using var stop = new CancellationTokenSource();
        var options = new SimulatorOptions { Rate = 1_000, InFlightMax = Window, Port = server.Port };
        var mine = new SimulatedMine(SmallSite, options);
        Task running = mine.RunAsync(stop.Token);
        for (int i = 0; i < Window; i++)
        {
            Assert.Equal(1, (await NextAsync(server)).Connection);
        }

        // A hundred more are due by now on the clock of the run; none of them may come.
        await WaitUntilAsync(mine, mine.EventTime + (Timestamp.NanosecondsPerSecond / 10));
        Assert.False(server.Messages.Reader.TryRead(out _));
        Assert.Equal(Window, mine.Status.Single().SentCount);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_until_the_run_ends()
    {
        using var stop = new CancellationTokenSource();
        var mine = new SimulatedMine(SmallSite, new SimulatorOptions { Port = 1 });
        Task running = mine.RunAsync(stop.Token);

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.Equal((0, 0), (mine.Status.Single().ConnectCount, mine.Status.Single().SentCount));
    }

    [Fact]
    public void Faults_are_switched_on_by_option_and_while_it_runs()
    {
        var mine = new SimulatedMine(
            Runs.Site, new SimulatorOptions { Fault = "bearing", FaultAfterSeconds = 5, Start = Runs.Winter });
        Assert.Equal(Timestamp.From(Runs.Winter.AddSeconds(5)), mine.Labels.Single().Start);

        FaultLabel label = mine.Inject("silence");

        Assert.Equal("silence-1", label.Id);
        Assert.Equal(1, mine.Clear("SILENCE"));
        Assert.NotNull(mine.Labels[1].End);
        Assert.Throws<ArgumentException>(() => mine.Inject("earthquake"));
    }

    [Fact]
    public void Firmware_out_of_bounds_or_of_a_gateway_that_is_not_there_is_refused_by_name()
    {
        (ScenarioFirmware Firmware, string Words)[] refused =
        [
            (new() { Duplicates = 1.5 }, "cannot run with option Duplicates: found 1.5; give 0 to 1"),
            (new() { Resets = double.NaN }, "cannot run with option Resets"),
            (new() { BufferMessages = 0 }, "cannot run with option BufferMessages"),
            (new() { Gateways = ["GW-1", "GW-9"] }, "cannot give firmware to gateway \"GW-9\": the site has none such"),
        ];
        foreach ((ScenarioFirmware firmware, string words) in refused)
        {
            var options = new SimulatorOptions { Firmware = firmware };
            string said = Assert.Throws<ArgumentException>(() => new SimulatedMine(SmallSite, options)).Message;
            Assert.Contains(words, said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Rate 0", 0, 1.0, "")]
    [InlineData("Rate 1001", 1_001, 1.0, "")]
    [InlineData("SpeedFactor 0", 1, 0.0, "")]
    [InlineData("SpeedFactor NaN", 1, double.NaN, "")]
    [InlineData("Fault", 1, 1.0, "earthquake")]
    public void Options_out_of_bounds_are_refused_by_name(string what, int rate, double speedFactor, string fault)
    {
        var options = new SimulatorOptions { Rate = rate, SpeedFactor = speedFactor, Fault = fault };

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new SimulatedMine(SmallSite, options));

        Assert.Contains(what.Split(' ')[0], refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What a run without any socket says, from the message with this body on.</summary>
    private static string[] Bodies(int count, string firstBody)
    {
        long start = long.Parse(firstBody[8..21]) * Timestamp.NanosecondsPerMillisecond;
        long offset = (long)(SeededNoise.StreamOf("GW-1") % 10) * Timestamp.NanosecondsPerMillisecond;
        var payloads = new GatewayPayloads(
            SmallSite, SmallSite.Gateways[0], new SimulatorOptions { Rate = 100 }, start - offset, new FaultBoard(1));
        var bodies = new List<string>();
        while (bodies.Count < count && payloads.TryNext(long.MaxValue, out GatewayPayload payload))
        {
            bodies.Add(System.Text.Encoding.UTF8.GetString(payload.Body));
        }

        return [.. bodies];
    }

    private static Task Run(LoopbackServer server, SimulatorOptions options, CancellationToken cancellation) =>
        new SimulatedMine(SmallSite, options with { Port = server.Port }).RunAsync(cancellation);

    private static async Task<ReceivedMessage> NextAsync(LoopbackServer server) =>
        await server.Messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private static async Task WaitUntilAsync(SimulatedMine mine, long eventTime)
    {
        while (mine.EventTime < eventTime)
        {
            await Task.Yield();
        }
    }
}
