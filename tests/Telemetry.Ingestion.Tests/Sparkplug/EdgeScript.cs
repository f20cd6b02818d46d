using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>A log of messages of edge nodes, decoded at the tail as they come.</summary>
internal sealed class EdgeScript : IDisposable
{
    public const long Second = 1_000_000_000;
    private readonly TestLog _log = new() { Arrival = 1_000 * Second };
    private readonly DecodingContext _context;
    private RecordDecoder _decoder;
    private long _position;

    public EdgeScript(SparkplugSettings? settings = null, RouteDefinition[]? routes = null)
    {
        SiteCatalogue site = SmallMine.With(
            routes ?? [new RouteDefinition { Name = "nodes", Filter = "spBv1.0/#", Decoder = "sparkplug" }]);
        _context = new DecodingContext(site, Catalogue, new UnboundNames(), 300 * Second)
        {
            Sparkplug = settings ?? new SparkplugSettings(),
            OnSparkplugRequest = Requests.Add,
        };
        _decoder = new RecordDecoder(_context, Metrics);
    }

    public SeriesCatalogue Catalogue { get; } = new();

    public IngestionMetrics Metrics { get; } = new();

    public List<SparkplugRequest> Requests { get; } = [];

    /// <summary>Arrival time of the next message, in nanoseconds.</summary>
    public long Now
    {
        get => _log.Arrival;
        set => _log.Arrival = value;
    }

    /// <summary>The same in milliseconds, as payloads have it.</summary>
    public long NowMilliseconds => Now / 1_000_000;

    public SparkplugHost Host => _decoder.State.Sparkplug;

    public EdgeNode Node => Assert.Single(Host.Nodes);

    public PointBatch Batch { get; private set; } = new();

    public void Dispose() => _log.Dispose();

    /// <summary>A message, and the points that decoding gives for it.</summary>
    public async Task<string[]> TakeAsync(string topic, EdgePayload payload, string client = "edge")
    {
        await _log.AppendAsync(topic, payload.Bytes, client);
        return Decode();
    }

    /// <summary>A message of any bytes.</summary>
    public async Task<string[]> TakeAsync(string topic, byte[] payload)
    {
        await _log.AppendAsync(topic, payload);
        return Decode();
    }

    /// <summary>Lets time pass, with a tick at its end.</summary>
    public async Task<string[]> PassAsync(int seconds)
    {
        Now += seconds * Second;
        await _log.TickAsync();
        return Decode();
    }

    /// <summary>What a restart does: another decoder takes the state that was kept.</summary>
    public void Restart()
    {
        byte[] state = StateBytes();
        _decoder = new RecordDecoder(_context, Metrics);
        Assert.Empty(_decoder.State.Restore(state));
        Assert.Equal(state, StateBytes());
    }

    public byte[] StateBytes()
    {
        var state = new System.Buffers.ArrayBufferWriter<byte>();
        _decoder.State.Save(state);
        return state.WrittenSpan.ToArray();
    }

    /// <summary>Fate and reason in words of each record of the last batch.</summary>
    public string[] Fates() =>
    [
        .. Batch.Records.ToArray().Select(
            record => $"{record.Fate} {SmallMine.Text(Batch.FaultTextOf(record))}".Trim()),
    ];

    private string[] Decode()
    {
        Batch = new PointBatch();
        using Spool.SpoolReader reader = _log.Log.OpenReader(_position);
        Assert.True(_decoder.TryFill(Batch, reader, long.MaxValue));
        _position = Batch.EndOffset;
        return BatchText.Of(Batch, Catalogue);
    }
}
