using System.Diagnostics;
using Xunit.Abstractions;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// Kills of broker and service under load. A proxy sees which points the service acknowledged to the broker: all of
/// them are stored, whatever was killed when.
/// </summary>
public sealed class BrokerKillTests(ITestOutputHelper output) : ServiceTests
{
    private const long FirstTime = 1_700_000_000_000_000_000;
    private const int RunsDefault = 5;
    private const int RunsNightly = 20;
    private const int AcknowledgedMax = 1_500; // a kill comes at a random count up to this
    private static readonly TimeSpan NewsPatience = TimeSpan.FromSeconds(6); // NATS repeats after two
    private static readonly TimeSpan LastDeadline = TimeSpan.FromMinutes(3); // a backlog behind a small window
    private const int Seed = 20_260_131;

    private readonly List<long> _published = [];
    private int _canarySeconds = 5;
    private int _sessionsNew;
    private int _outputSeen;
    private MqttBroker? _broker;
    private BrokerProxy? _proxy;

    private protected override string[] Arguments =>
        BrokerSettings.Of(
            0, _proxy!.Port, "Filters:0=load/#", "KeepAliveSeconds=5", $"CanarySeconds={_canarySeconds}");

    /// <summary>The service begins with the broker.</summary>
    public override Task InitializeAsync() => Task.CompletedTask;

    public override async Task DisposeAsync()
    {
        await (_proxy?.DisposeAsync() ?? default);
        await (_broker?.DisposeAsync() ?? default);

        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("mosquitto", RunsDefault)]
    [InlineData("nats-server", RunsDefault)]
    [InlineData("rabbitmq-server", 1)] // it takes some ten seconds to start
    public async Task What_was_acknowledged_to_a_broker_is_stored_through_kills_of_either(string name, int runsOfCi)
    {
        int runs = Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1" ? RunsNightly : runsOfCi;
        _canarySeconds = name == "nats-server" ? 0 : _canarySeconds; // docs/operations/brokers.md says why
        _broker = MqttBroker.Of(name, Directory.Path);
        await _broker.StartAsync();
        _proxy = BrokerProxy.Before(_broker);
        await StartAsync();
        await Service.ExpectMetricAsync("telemetry_broker_connected", 1);
        var random = new Random(Seed);
        long time = FirstTime;
        for (int run = 0; run < runs; run++)
        {
            time = await KillAsync(_broker.KillAsync, _broker.StartAsync, random, time);
            time = await KillAsync(Service.KillAsync, RestartAfterKillAsync, random, time);
        }

        await WaitForLastAsync(time);
        NoteSessions();
        IReadOnlyList<long> acknowledged = _proxy.Acknowledged();
        HashSet<long> stored = await BrokerSettings.StoredAsync(Service);
        output.WriteLine(
            $"{name}: {runs} kills of the broker, {runs} of the service: {_published.Count} points acknowledged by the "
            + $"broker, {acknowledged.Count} by the service, {stored.Count} stored, {_proxy.Duplicates} deliveries "
            + $"twice, {_sessionsNew} connections without a session, "
            + $"{_published.Count(point => !stored.Contains(point))} that the broker never brought");
        Assert.True(acknowledged.Count > runs, "the service has acknowledged next to nothing");
        Assert.Superset(acknowledged.ToHashSet(), stored);
    }

    /// <summary>Counts the connections at which the broker had no session of ours.</summary>
    private void NoteSessions()
    {
        string said = Service.Output;
        _outputSeen = _outputSeen > said.Length ? 0 : _outputSeen; // another process
        _sessionsNew += said[_outputSeen..].Split("session present False").Length - 1;
        _outputSeen = said.Length;
    }

    /// <summary>Sends while something is killed and comes back; gives the time of the next point.</summary>
    private async Task<long> KillAsync(Func<Task> kill, Func<Task> restart, Random random, long firstTime)
    {
        using var sender = new PointSender(_broker!.Port, firstTime);
        await sender.WaitForAcknowledgedAsync(random.Next(AcknowledgedMax));
        await kill();
        _published.AddRange(sender.Stop());
        NoteSessions();
        await restart();
        await Service.ExpectMetricAsync("telemetry_broker_connected", 1);
        return sender.NextTime;
    }

    /// <summary>
    /// Waits until all is stored that a broker acknowledged, or it has brought nothing more for a while: what it lost
    /// in a kill does not come.
    /// </summary>
    private async Task WaitForLastAsync(long time)
    {
        using var sender = new PointSender(_broker!.Port, time);
        await sender.WaitForAcknowledgedAsync(1);
        IReadOnlyList<long> last = sender.Stop();
        _published.AddRange(last);
        var sinceNews = Stopwatch.StartNew();
        int count = 0;
        await Until.Async(
            "the last points are stored",
            () => BrokerSettings.StoredAsync(Service),
            stored =>
            {
                if (stored.Count > count)
                {
                    count = stored.Count;
                    sinceNews.Restart();
                }

                return stored.IsSupersetOf(_published)
                    || (stored.IsSupersetOf(last) && sinceNews.Elapsed > NewsPatience);
            },
            LastDeadline);
    }
}
