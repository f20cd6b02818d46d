using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// The InfluxDB output between a spool and an embedded store and a scripted server, on a hurried clock. What arrives is
/// dated by that clock.
/// </summary>
internal sealed class SinkRig : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sink-").FullName;
    private readonly TimeSpan _persistInterval;
    private SinkServer _server = null!;
    private readonly EmbeddedStore _store;
    private Cursor _cursor = null!;
    private DecodedLog _decoded = null!;
    private LaggingDecoder _live = null!;
    private LaggingDecoder _storing = null!;
    private SpoolHold _hold = null!;
    private long _position;
    private long _stored;

    public SinkRig(long bytesMax = 64 * 1024 * 1024, TimeSpan persistInterval = default)
    {
        _persistInterval = persistInterval;
        Log = new TestLog(bytesMax: bytesMax);
        Time.Advance(TimeSpan.FromDays(20_000));
        _store = EmbeddedStore.Open(
            new StoreOptions { Path = Path.Combine(_directory, "store.db") },
            Catalogue,
            Time,
            NullLogger<EmbeddedStore>.Instance);
        Open();
    }

    public HurriedTime Time { get; } = new();

    public TestLog Log { get; }

    public ScriptedInflux Server { get; } = new();

    public InfluxOptions Options { get; } = new()
    {
        Url = "http://db",
        Gzip = false,
        BatchBytes = 1,
        BacklogBytesPerSecond = 1_000,
    };

    public InfluxMetrics Metrics { get; } = new();

    public SetApartPoints SetApart => _server.SetApart;

    public ServerFieldTypes Types => _server.Types;

    public ServerRetention Retention => _server.Retention;

    public SeriesCatalogue Catalogue { get; } = new();

    public RecordedLog Words { get; } = new();

    public SinkBacklog Backlog { get; private set; } = null!;

    public InfluxConsumer Consumer { get; private set; } = null!;

    public BacklogDrain Drain { get; private set; } = null!;

    /// <summary>Now, as records are dated.</summary>
    public long Now => Timestamp.From(Time.GetUtcNow());

    /// <summary>The values of <c>v</c> that the server took, in the order in which it took them.</summary>
    public int[] Taken => [.. Server.Accepted.ToString().Split('\n').Where(line => line.Contains(" v=")).Select(line =>
        int.Parse(line.Split(" v=")[1].Split(' ')[0]))];

    /// <summary>Appends a point whose time is its arrival, and lets the store have it.</summary>
    public Task AppendAsync(int value) => AppendAsync($"m v={value} {Now}");

    public async Task AppendAsync(string lines)
    {
        Log.Arrival = Math.Max(Log.Arrival, Now);
        await Log.AppendAsync("t", lines);
        while (_decoded.TryNext(_stored, _storing) is { } lease)
        {
            _store.Append(lease.Batch);
            _stored = lease.Batch.EndOffset;
            lease.Dispose();
        }

        _hold.ReleaseTo(_stored);
    }

    /// <summary>What the pump does, until there is nothing new.</summary>
    public async Task PumpAsync()
    {
        while (true)
        {
            _position = Math.Max(_position, Consumer.GoOnAt(_position, _decoded.Tail));
            using BatchLease? lease = _decoded.TryNext(_position, _live);
            if (lease is null)
            {
                return;
            }

            await Consumer.ConsumeAsync(lease.Batch, CancellationToken.None);
            _position = lease.Batch.EndOffset;
        }
    }

    /// <summary>Sends all that was left behind.</summary>
    public async Task DrainAsync()
    {
        while (await Drain.TurnAsync(CancellationToken.None))
        {
        }
    }

    /// <summary>Values come, one each hour and each with a tick behind it, and nobody pumps.</summary>
    public async Task MissAsync(params int[] values)
    {
        foreach (int value in values)
        {
            await AppendAsync(value);
            await Log.TickAsync();
            Time.Advance(TimeSpan.FromHours(1));
        }
    }

    /// <summary>A new process on the same disks.</summary>
    public void Restart()
    {
        _hold.Dispose();
        _cursor.Dispose();
        Log.Reopen();
        Open();
    }

    public void Open()
    {
        _cursor = Log.Log.OpenCursor("influx", required: false);
        _hold = Log.Log.OpenHold("store", required: true, _stored);
        _decoded = new DecodedLog(
            Log.Log,
            new DecodingContext(SiteCatalogue.Empty, Catalogue, new UnboundNames(), long.MaxValue),
            new IngestionMetrics(),
            new RefusedNames(),
            Log.OpenSnapshots(), TimeProvider.System);
        _live = _decoded.OpenLagging();
        _storing = _decoded.OpenLagging();
        var clock = new ArrivalClock(Time);
        Backlog = new SinkBacklog(Log.Log, _cursor, Log.Files, "/influx", clock, Words, _persistInterval);
        _server?.Dispose();
        _server = new SinkServer(Options, Metrics, Log.Files, "/influx", Time, Words, Server);
        var live = new LineSender(_server);
        Consumer = new InfluxConsumer(live, _server.NewLines(Catalogue), Metrics, Options, Backlog, clock, Time);
        var refill = new StoreRefill(_store, _server.NewLines(Catalogue));
        Drain = new BacklogDrain(
            Log.Log, _decoded, Backlog, refill, _server.NewLines(Catalogue), live, new LineSender(_server), Options,
            Metrics, Time, Words);
        _position = Math.Max(Log.Log.FirstOffset, Consumer.DurableOffset);
    }

    public void Dispose()
    {
        _server.Dispose();
        Server.Dispose();
        _store.Dispose();
        Log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
