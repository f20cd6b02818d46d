using BenchmarkDotNet.Attributes;
using Telemetry.Detection.Assets;

namespace Telemetry.Benchmarks.Detection;

/// <summary>
/// Rows of an asset with one load behind all signals, per row. Baseline: each signal alone, smoothed and held against
/// three deviations.
/// </summary>
[MemoryDiagnoser]
public class AssetWatching
{
    private const int RowCount = 1_000;
    private const long FirstTime = 1_767_225_600_000_000_000;
    private const long Step = 1_000_000_000;

    private readonly double[][] _rows = new double[RowCount][];
    private AssetDetector? _detector;
    private double[] _smoothed = [];
    private long _time = FirstTime;

    [Params(8, 16, 43)]
    public int Signals { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(20260101);
        for (int i = 0; i < RowCount; i++)
        {
            double load = random.NextDouble();
            _rows[i] = new double[Signals];
            for (int j = 0; j < Signals; j++)
            {
                _rows[i][j] = (load * (1 + j)) + random.NextDouble();
            }
        }

        _smoothed = new double[Signals];
        _detector = new AssetDetector(Signals, RowCount);
        foreach (double[] row in _rows)
        {
            _detector.Observe(_time += Step, row);
        }

        if (_detector.Phase != AssetPhase.Watching)
        {
            throw new InvalidOperationException("cannot measure: the detector still learns");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RowCount)]
    public int Each_signal_alone()
    {
        int alarms = 0;
        foreach (double[] row in _rows)
        {
            for (int j = 0; j < row.Length; j++)
            {
                _smoothed[j] += 0.05 * (row[j] - _smoothed[j]);
                alarms += Math.Abs(_smoothed[j]) > 3 * (1 + j) ? 1 : 0;
            }
        }

        return alarms;
    }

    [Benchmark(OperationsPerInvoke = RowCount)]
    public int Detector()
    {
        int alarms = 0;
        foreach (double[] row in _rows)
        {
            alarms += _detector!.Observe(_time += Step, row).IsAlarm ? 1 : 0;
        }

        return alarms;
    }
}
