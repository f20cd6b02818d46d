namespace Telemetry.Load;

/// <summary>One load of the report.</summary>
/// <param name="Key">What tables and plots call it.</param>
/// <param name="Title">What people read.</param>
/// <param name="Options">The load.</param>
/// <param name="Rounds">How often it is run; medians are told.</param>
/// <param name="Mosquitto">Whether mosquitto gets the same in turn.</param>
/// <param name="CountsCalls">Whether system calls are counted, in a further short load.</param>
internal sealed record Scene(
    string Key, string Title, LoadOptions Options, int Rounds, bool Mosquitto = false, bool CountsCalls = false)
{
    private static readonly LoadOptions Plain = new() { Detection = false };

    /// <summary>Everything that the report measures; the first ones as often as asked, the others less often.</summary>
    public static Scene[] All(int rounds)
    {
        int some = Math.Min(rounds, 3);
        return
        [
            .. Speed(rounds), .. Small(some), .. Latency(some), .. SlowDisk(some),
            .. Signals().Select(count => OfSignals(count)),
            .. Connections().Select(count => OfConnections(count)),
            new Scene(
                "memory", "100,000 signals, 1,000 connections, detection on",
                new LoadOptions { Series = 25_000, Connections = 1_000, Window = 50 }, 1),
            new Scene("steady", "10,000,000 messages", Plain with { Messages = 10_000_000 }, 1),
        ];
    }

    /// <summary>Signals in the scenes that scale them; a site of a million takes a minute to be read.</summary>
    public static int[] Signals() => [1_000, 10_000, 100_000];

    /// <summary>Connections in the scenes that scale them.</summary>
    public static int[] Connections() => [1, 10, 100, 1_000, 5_000];

    /// <summary>The same with a part of the messages, to try the report itself.</summary>
    public Scene Shortened(int percent) => this with
    {
        Options = Options with { Messages = Math.Max(1_000, Options.Messages * percent / 100) },
    };

    private static Scene[] Speed(int rounds) =>
    [
        new Scene("off", "line protocol, detection off", Plain, rounds, Mosquitto: true),
        new Scene("on", "line protocol, detection on all four fields", Plain with { Detection = true }, rounds),
        new Scene("influx", "line protocol, also to InfluxDB (gzip)", Plain with { Influx = true }, rounds),
        new Scene("json", "JSON, detection off", Plain with { Format = "json" }, rounds),
        new Scene(
            "points", "20 points per message, detection off",
            Plain with { PointsPerMessage = 20, Messages = 250_000, Window = 200, Burst = 50 }, rounds),
    ];

    private static Scene[] Small(int rounds) =>
    [
        new Scene(
            "many", "2,000 connections × 10 messages/s",
            Plain with { Connections = 2_000, Series = 2_000, Rate = 20_000, Messages = 200_000 }, rounds, true, true),
        new Scene(
            "busy", "200 connections × 500 messages/s",
            Plain with { Connections = 200, Rate = 100_000, Messages = 500_000 }, rounds, true, true),
    ];

    private static Scene[] Latency(int rounds) =>
    [
        new Scene("calm", "1,000 messages/s", Plain with { Rate = 1_000, Messages = 8_000 }, rounds),
        new Scene("brisk", "50,000 messages/s", Plain with { Rate = 50_000, Messages = 300_000 }, rounds),
        new Scene("flat", "flat out, window 200", Plain with { Window = 200, Burst = 100 }, rounds),
    ];

    // A window lets go as many messages as leave in two syncs at a million a second: one group waits, one is written.
    private static Scene[] SlowDisk(int rounds) =>
    [
        new Scene("sync10", "sync takes 10 ms at least", Plain with { SyncMilliseconds = 10, Window = 400 }, rounds),
        new Scene("sync30", "sync takes 30 ms at least", Plain with { SyncMilliseconds = 30, Window = 1_200 }, rounds),
    ];

    private static Scene OfSignals(int count) => new(
        $"signals{count}", $"{count:N0} signals", new LoadOptions { Series = count / LoadSite.Fields.Length }, 1);

    private static Scene OfConnections(int count) => new(
        $"connections{count}", $"{count:N0} connections",
        Plain with { Connections = count, Series = Math.Max(1_000, count), Window = Math.Max(10, 50_000 / count) }, 1);
}
