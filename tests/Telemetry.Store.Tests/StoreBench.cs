using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;

namespace Telemetry.Store.Tests;

/// <summary>A store in a directory of its own, with short ways to append, to crash and to read.</summary>
internal sealed class StoreBench : IDisposable
{
    /// <summary>When samples arrive unless they say otherwise.</summary>
    public const long ArrivalMilliseconds = 1_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly StoreOptions _options;
    private readonly PointBatch _batch = new();

    public StoreBench(
        int chunkSamples = 64,
        int checkpointBytes = 8 * 1024 * 1024,
        int pendingBytesMax = 64 * 1024 * 1024,
        string? dump = null,
        TimeSpan? retention = null,
        IReadOnlyDictionary<string, TimeSpan?>? retentionOf = null)
    {
        _options = new StoreOptions
        {
            Retention = retention,
            RetentionOf = retentionOf ?? new Dictionary<string, TimeSpan?>(),
            Path = _directory.File("store.db"),
            ChunkSamples = chunkSamples,
            CheckpointBytes = checkpointBytes,
            PendingBytesMax = pendingBytesMax,
        };
        Catalogue = new SeriesCatalogue();
        if (dump is not null)
        {
            using SqliteFile file = SqliteFile.OpenToWrite(_options.Path);
            foreach (string statement in dump.Split(";\n", StringSplitOptions.RemoveEmptyEntries))
            {
                file.Execute(statement);
            }
        }

        Store = OpenStore();
    }

    /// <summary>The store's file.</summary>
    public string Path => _options.Path;

    public ManualTime Time { get; } = new();

    public SeriesCatalogue Catalogue { get; private set; }

    public EmbeddedStore Store { get; private set; }

    public Field Field(string name, FieldType type = FieldType.Float, string series = "m,asset=A")
    {
        Catalogue.TryIntern(Encoding.UTF8.GetBytes(series), name, type, out Field? field);
        return field!;
    }

    public void Append(Field field, params ReadOnlySpan<Sample> samples)
    {
        _batch.Reset();
        foreach (Sample sample in samples)
        {
            _batch.AddRecord(0, sample.Arrival * Timestamp.NanosecondsPerMillisecond, lane: 0);
            _batch.AddPoint(field.Series.Id, sample.Time, PointFlags.None, sample.Correction);
            long bits = field.Type == FieldType.String
                ? _batch.AddText(Encoding.UTF8.GetBytes(sample.Text), isEscaped: false)
                : sample.Bits;
            int source = sample.Source.Length == 0
                ? 0
                : Catalogue.Sources.NumberOf(new SampleSource(sample.Source, field.Name, ""));
            _batch.AddSample(field.Id, field.Type, sample.Quality, bits, source);
        }

        Store.Append(_batch);
    }

    public void Append(Field field, long time, double value) => Append(field, Of(time, value));

    public void Checkpoint(long offset = 0)
    {
        var offsets = new long[Limits.LaneCount];
        offsets[0] = offset;
        Store.Checkpoint(offsets);
    }

    /// <summary>Makes all roll-ups that are due, and writes them.</summary>
    public void RollUp()
    {
        do
        {
            Checkpoint(1);
        }
        while (Store.BuildRollups() > 0);
    }

    /// <summary>
    /// Loses what no checkpoint wrote, as a crash does, and opens the file again with an empty catalogue.
    /// </summary>
    public void Crash()
    {
        Store.Dispose();
        Catalogue = new SeriesCatalogue();
        Store = OpenStore();
    }

    /// <summary>Opens another file in the place of this one, with an empty catalogue.</summary>
    public void Reopen(string path)
    {
        Store.Dispose();
        Catalogue = new SeriesCatalogue();
        Store = EmbeddedStore.Open(
            _options with { Path = path }, Catalogue, Time, NullLogger<EmbeddedStore>.Instance);
    }

    public List<Sample> Read(Field field, long from = long.MinValue, long to = long.MaxValue)
    {
        var collector = new Collector { Sources = Catalogue.Sources };
        Store.Read(field.Id, from, to, ref collector);
        return collector.Samples;
    }

    public static Sample Of(long time, double value, byte quality = Quality.Good) =>
        new(time, BitConverter.DoubleToInt64Bits(value), quality);

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }

    private EmbeddedStore OpenStore() =>
        EmbeddedStore.Open(_options, Catalogue, Time, NullLogger<EmbeddedStore>.Instance);
}
