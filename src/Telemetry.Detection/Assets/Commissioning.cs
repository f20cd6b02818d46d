using Telemetry.Buffers;

namespace Telemetry.Detection.Assets;

/// <summary>
/// Learns what is normal for an asset in one pass over its first rows, in memory by the square of its signals. The
/// first few rows only tell the sampling period, from which the smoothing follows.
/// </summary>
internal sealed class Commissioning
{
    /// <summary>The median distance of this many rows is the sampling period.</summary>
    public const int PeriodRows = 16;

    private const double HourlySpan = 14 * 86_400e9; // ns; from here on each hour of the day has been seen often
    private const double GainAtOneSecond = 0.05;
    private const double GainAtOneHour = 0.3;
    private const double GainMin = 0.02;
    private const double GainMax = 0.5;
    private const double CorrelationKept = 0.95; // the rest: neither rounding nor luck makes a relation exact
    private const double NormalQuantile = 2.326; // of 0.99: one row in a hundred, if commissioning were endless
    private const double ScarcityPerSignal = 7; // see docs/detection/assets.md
    private const double StepDeviation = 0.289; // 1/√12, of the error of rounding to steps

    private readonly int _signalCount;
    private readonly int _rowCountMax;
    private readonly long[] _times = new long[PeriodRows];
    private readonly double[] _smoothed; // no number before the first value
    private readonly double[] _previous; // as it came; no number before the first value
    private readonly double[] _lowest; // as it came
    private readonly double[] _highest; // as it came
    private readonly double[] _steps; // the smallest change seen, which is the resolution
    private readonly double[] _scatter; // sums of products of differences from the mean of the hour
    private readonly double[] _off; // of the row at hand
    private double[] _means; // of the smoothed signals, by hour and signal
    private double[] _counts; // rows, by hour
    private int _rowCount;
    private double _gain; // 0 while the sampling period is not known

    /// <summary>Begins to learn.</summary>
    public Commissioning(int signalCount, int rowCountMax)
    {
        _signalCount = signalCount;
        _rowCountMax = rowCountMax;
        _smoothed = new double[signalCount];
        _previous = new double[signalCount];
        _lowest = new double[signalCount];
        _highest = new double[signalCount];
        _steps = new double[signalCount];
        _scatter = new double[signalCount * signalCount];
        _off = new double[signalCount];
        _means = new double[signalCount];
        _counts = new double[1];
        Array.Fill(_smoothed, double.NaN);
        Array.Fill(_previous, double.NaN);
        Array.Fill(_steps, double.PositiveInfinity);
        Array.Fill(_lowest, double.PositiveInfinity);
        Array.Fill(_highest, double.NegativeInfinity);
    }

    /// <summary>The smoothed signals, in their units; no number where there was none.</summary>
    public ReadOnlySpan<double> Smoothed => _smoothed;

    /// <summary>Takes a row; true when it was the last.</summary>
    public bool Add(long time, ReadOnlySpan<double> values)
    {
        if (_rowCount < PeriodRows)
        {
            _times[_rowCount] = time;
        }

        _rowCount++;
        double gain = Math.Max(_gain, 1.0 / Math.Max(1, _rowCount - PeriodRows)); // at first a mean of all rows
        for (int j = 0; j < values.Length; j++)
        {
            if (AssetDetector.IsValue(values[j]))
            {
                Smooth(j, values[j], gain);
            }
        }

        if (_rowCount == PeriodRows)
        {
            SetPace();
        }
        else if (_rowCount > PeriodRows && _rowCount - PeriodRows >= 1 / _gain)
        {
            Gather(AssetModel.HourOf(time, _counts.Length));
        }

        return _rowCount == _rowCountMax;
    }

    /// <summary>What was learned.</summary>
    public AssetModel Conclude()
    {
        double rowCount = _counts.Sum();
        double freedom = Math.Max(1, rowCount - _counts.Count(count => count > 0));
        double[] means = new double[_signalCount];
        double[] deviations = new double[_signalCount];
        for (int j = 0; j < _signalCount; j++)
        {
            for (int hour = 0; hour < _counts.Length; hour++)
            {
                means[j] += _counts[hour] / rowCount * _means[(hour * _signalCount) + j];
            }

            deviations[j] = DeviationOf(j, _scatter[(j * _signalCount) + j] / freedom);
        }

        double[] hours = new double[_means.Length];
        for (int i = 0; i < hours.Length; i++)
        {
            int j = i % _signalCount;
            hours[i] = _counts[i / _signalCount] > 0 ? (_means[i] - means[j]) / deviations[j] : 0;
        }

        double[] precision = Correlation(deviations, freedom);
        Cholesky.Invert(precision, _signalCount);
        double limit = LimitOf(deviations.Count(double.IsFinite), rowCount);
        return new AssetModel(_gain, limit, means, deviations, hours, precision);
    }

    /// <summary>Writes what has been learned so far.</summary>
    public void Save(StateWriter writer)
    {
        writer.Int32(_rowCount);
        foreach (long time in _times)
        {
            writer.Int64(time);
        }

        writer.Doubles(_smoothed);
        writer.Doubles(_previous);
        writer.Doubles(_lowest);
        writer.Doubles(_highest);
        writer.Doubles(_steps);
        writer.Doubles(_scatter);
        writer.Doubles(_counts);
        writer.Doubles(_means);
    }

    /// <summary>Reads it into a new one.</summary>
    public bool TryRestore(ref StateReader reader)
    {
        _rowCount = reader.Int32();
        for (int i = 0; i < PeriodRows; i++)
        {
            _times[i] = reader.Int64();
        }

        bool isWhole = reader.TryDoubles(_smoothed)
            & reader.TryDoubles(_previous)
            & reader.TryDoubles(_lowest)
            & reader.TryDoubles(_highest)
            & reader.TryDoubles(_steps)
            & reader.TryDoubles(_scatter);
        if (_rowCount >= PeriodRows)
        {
            SetPace();
        }

        return isWhole & reader.TryDoubles(_counts) & reader.TryDoubles(_means) && IsSane();
    }

    /// <summary>A number that is none would stay for ever, so they are not taken on trust.</summary>
    private bool IsSane() =>
        _rowCount >= 0
        && _rowCount < _rowCountMax
        && Array.TrueForAll(_smoothed, value => double.IsNaN(value) || double.IsFinite(value))
        && Array.TrueForAll(_steps, step => step > 0)
        && Array.TrueForAll(_counts, count => count >= 0 && double.IsFinite(count))
        && Array.TrueForAll(_means, double.IsFinite)
        && Array.TrueForAll(_scatter, double.IsFinite);

    private void Smooth(int signal, double value, double gain)
    {
        double step = Math.Abs(value - _previous[signal]);
        if (step > 0 && step < _steps[signal])
        {
            _steps[signal] = step;
        }

        _previous[signal] = value;
        _lowest[signal] = Math.Min(_lowest[signal], value);
        _highest[signal] = Math.Max(_highest[signal], value);
        ref double smoothed = ref _smoothed[signal];
        if (_rowCount <= PeriodRows || double.IsNaN(smoothed))
        {
            smoothed = value;
            SetMeans(signal, value); // a signal that comes late counts as if it had had its first value before
            return;
        }

        smoothed += gain * (value - smoothed);
    }

    private void SetMeans(int signal, double value)
    {
        for (int hour = 0; hour < _counts.Length; hour++)
        {
            _means[(hour * _signalCount) + signal] = value;
        }
    }

    /// <summary>The slower the sampling, the less there is to smooth.</summary>
    private void SetPace()
    {
        Span<long> gaps = stackalloc long[PeriodRows - 1];
        for (int i = 0; i < gaps.Length; i++)
        {
            gaps[i] = _times[i + 1] - _times[i];
        }

        gaps.Sort();
        double period = Math.Max(1e6, gaps[gaps.Length / 2]); // ns; faster than a millisecond is a broken clock
        double exponent = Math.Log(GainAtOneHour / GainAtOneSecond) / Math.Log(3_600);
        _gain = Math.Clamp(GainAtOneSecond * Math.Pow(period / 1e9, exponent), GainMin, GainMax);
        if (period * _rowCountMax >= HourlySpan)
        {
            _counts = new double[AssetModel.HoursPerDay];
            _means = new double[AssetModel.HoursPerDay * _signalCount];
            for (int j = 0; j < _signalCount; j++)
            {
                SetMeans(j, double.IsNaN(_smoothed[j]) ? 0 : _smoothed[j]);
            }
        }
    }

    /// <summary>Welford's update of the means of the hour and of the scatter about them.</summary>
    private void Gather(int hour)
    {
        double count = ++_counts[hour];
        Span<double> means = _means.AsSpan(hour * _signalCount, _signalCount);
        for (int j = 0; j < means.Length; j++)
        {
            _off[j] = double.IsNaN(_smoothed[j]) ? 0 : _smoothed[j] - means[j];
            means[j] += _off[j] / count;
        }

        double weight = (count - 1) / count;
        for (int i = 0; i < means.Length; i++)
        {
            Span<double> row = _scatter.AsSpan(i * _signalCount, i + 1);
            double weighted = weight * _off[i];
            for (int j = 0; j <= i; j++)
            {
                row[j] += weighted * _off[j];
            }
        }
    }

    /// <summary>
    /// Not below what rounding to the resolution takes away; but a signal with two values only is a state of a machine,
    /// to which nothing was rounded. Infinite for one that never moved.
    /// </summary>
    private double DeviationOf(int signal, double variance)
    {
        bool isState = _highest[signal] - _lowest[signal] <= _steps[signal] * 1.5;
        double deviation = Math.Max(Math.Sqrt(variance), isState ? 0 : _steps[signal] * StepDeviation);
        return variance > 0 && double.IsFinite(deviation) ? deviation : double.PositiveInfinity;
    }

    private double[] Correlation(ReadOnlySpan<double> deviations, double freedom)
    {
        double[] correlation = new double[_scatter.Length];
        for (int i = 0; i < _signalCount; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double covariance = _scatter[(i * _signalCount) + j] / freedom;
                correlation[(i * _signalCount) + j] = CorrelationKept * (covariance / deviations[i] / deviations[j]);
            }

            correlation[(i * _signalCount) + i] = 1;
        }

        return correlation;
    }

    /// <summary>
    /// The quantile of χ² (Wilson and Hilferty 1931), wider the fewer independent smoothed rows there were: neighbours
    /// share most of what they smooth, so that (2 − λ) ∕ λ of them are worth one.
    /// </summary>
    private double LimitOf(int signalCount, double rowCount)
    {
        if (signalCount == 0)
        {
            return 1; // nothing ever moved: the statistic stays 0
        }

        double ninth = 2.0 / (9 * signalCount);
        double quantile = signalCount * Math.Pow(1 - ninth + (NormalQuantile * Math.Sqrt(ninth)), 3);
        double independent = Math.Max(1, rowCount * _gain / (2 - _gain));
        return quantile * (1 + (ScarcityPerSignal * signalCount / independent));
    }
}
