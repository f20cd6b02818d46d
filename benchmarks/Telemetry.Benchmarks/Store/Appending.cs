using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Benchmarks.Store;

/// <summary>
/// Batches of 1,000 samples into a fresh store, per batch: 200 fields, five samples of each in a batch, chunks sealed
/// on the way, no checkpoint. Baseline: plain lists per field, uncompressed and unlocked.
/// </summary>
[MemoryDiagnoser]
public class Appending
{
    private const int BatchCount = 256;
    private const int SeriesCount = 50;
    private const int FieldsPerSeries = 4;
    private const int PointsPerSeries = 5; // 50 × 4 × 5 = 1,000 samples
    private const long FirstTime = 1_767_225_600_000_000_000;
    private const long Step = 1_000_000_000;

    private readonly PointBatch[] _batches = new PointBatch[BatchCount];
    private readonly List<(long Time, long Bits, byte Quality)>[] _lists =
        new List<(long Time, long Bits, byte Quality)>[SeriesCount * FieldsPerSeries];

    private SeriesCatalogue _catalogue = new();
    private string _directory = "";
    private EmbeddedStore? _store;

    [GlobalSetup]
    public void Prepare()
    {
        _catalogue = new SeriesCatalogue();
        for (int i = 0; i < SeriesCount * FieldsPerSeries; i++)
        {
            byte[] series = Encoding.UTF8.GetBytes($"bearing,asset=CR-{i / FieldsPerSeries:D3}");
            _catalogue.TryIntern(series, $"signal{i % FieldsPerSeries}", FieldType.Float, out _);
        }

        var random = new Random(20260101);
        double[] levels = new double[SeriesCount * FieldsPerSeries];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = random.NextDouble() * 100;
        }

        for (int i = 0; i < BatchCount; i++)
        {
            _batches[i] = new PointBatch();
            _batches[i].AddRecord(i, FirstTime, lane: 0);
            Fill(_batches[i], i * PointsPerSeries, levels, random);
        }
    }

    [IterationSetup(Target = nameof(Store))]
    public void OpenStore()
    {
        _directory = Directory.CreateTempSubdirectory("telemetry-bench-").FullName;
        _store = EmbeddedStore.Open(
            new StoreOptions { Path = Path.Combine(_directory, "store.db") },
            _catalogue,
            TimeProvider.System,
            NullLogger<EmbeddedStore>.Instance);
    }

    [IterationCleanup(Target = nameof(Store))]
    public void CloseStore()
    {
        _store!.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [IterationSetup(Target = nameof(Plain_lists))]
    public void EmptyLists()
    {
        for (int i = 0; i < _lists.Length; i++)
        {
            _lists[i] = [];
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = BatchCount)]
    public int Plain_lists()
    {
        foreach (PointBatch batch in _batches)
        {
            AppendToLists(batch);
        }

        return _lists[0].Count;
    }

    [Benchmark(OperationsPerInvoke = BatchCount)]
    public void Store()
    {
        foreach (PointBatch batch in _batches)
        {
            _store!.Append(batch);
        }
    }

    private void AppendToLists(PointBatch batch)
    {
        foreach (ref readonly PointEntry point in batch.Points)
        {
            foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
            {
                _lists[sample.FieldId].Add((point.Time, sample.Bits, sample.Quality));
            }
        }
    }

    /// <summary>Values wander by hundredths, as an instrument's do: neither constant nor noise.</summary>
    private void Fill(PointBatch batch, int firstStep, double[] levels, Random random)
    {
        for (int i = 0; i < SeriesCount * PointsPerSeries; i++)
        {
            int series = i % SeriesCount;
            long time = FirstTime + ((firstStep + (i / SeriesCount)) * Step) + random.Next(1_000_000);
            batch.AddPoint(_catalogue.FieldAt(series * FieldsPerSeries).Series.Id, time, PointFlags.None);
            for (int j = 0; j < FieldsPerSeries; j++)
            {
                ref double level = ref levels[(series * FieldsPerSeries) + j];
                level = Math.Round(level + ((random.NextDouble() - 0.5) / 5), 2);
                int fieldId = (series * FieldsPerSeries) + j;
                batch.AddSample(fieldId, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(level));
            }
        }
    }
}
