using System.Runtime.CompilerServices;

namespace Telemetry.Detection;

/// <summary>One number for each half hour of the day.</summary>
[InlineArray(ClockResidual.BinCount)]
internal struct ClockValues
{
    private float _first;
}

/// <summary>How many observations each half hour of the day has had, up to 255.</summary>
[InlineArray(ClockResidual.BinCount)]
internal struct ClockCounts
{
    private byte _first;
}

/// <summary>
/// What a value is beyond a slow level and the usual deviation of its half hour of the day, in units of that half
/// hour's own spread. All of it is learnt by means that clip what is far out.
/// </summary>
internal struct ClockResidual
{
    /// <summary>Half hours of a day.</summary>
    public const int BinCount = 48;

    private const long BinNanoseconds = 1_800_000_000_000;
    private const double BinRate = 0.05;
    private const double LevelRate = 0.003;
    private const double SpreadRate = 0.001; // of the spread of all half hours together
    private const double CommonShare = 0.3; // of that spread, added to the half hour's own
    private const double YoungShare = 1.3; // of that spread, for a half hour that has too little of its own
    private const int OffsetCountMin = 2;
    private const int SpreadCountMin = 3;
    private const double ClipSpreads = 5;
    private const int ClipAfter = 100; // observations; before, the spread is not known well enough

    private ClockValues _offsets;
    private ClockValues _spreads;
    private ClockCounts _counts;
    private double _level;
    private double _spread;
    private int _count;

    /// <summary>What is usual at a time of day, and how far from that is.</summary>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    /// <param name="spread">Mean absolute deviation.</param>
    public readonly double UsualAt(long time, out double spread)
    {
        int bin = BinOf(time);
        spread = SpreadOf(bin);
        return _counts[bin] >= SpreadCountMin ? _level + _offsets[bin] : _level;
    }

    /// <summary>Takes an observation.</summary>
    /// <param name="time">Event time, nanoseconds since 1970; which zone's days does not matter.</param>
    /// <param name="value">The observation.</param>
    /// <param name="resolution">Differences up to here are none.</param>
    /// <returns>The size of the residual in spreads.</returns>
    public double Observe(long time, double value, double resolution)
    {
        if (_count == 0)
        {
            _level = value;
            _count = 1;
        }

        int bin = BinOf(time);
        int seen = _counts[bin];
        double offset = value - _level;
        double residual = seen >= OffsetCountMin ? offset - _offsets[bin] : offset;
        double size = Math.Abs(residual);
        _count++;
        _spread += Math.Max(SpreadRate, 1.0 / _count) * (size - _spread);
        double result = size > resolution ? size / (SpreadOf(bin) + resolution + double.Epsilon) : 0;

        double rate = Math.Max(BinRate, 1.0 / (seen + 1));
        double limit = _count > ClipAfter ? ClipSpreads * _spread : double.MaxValue;
        _offsets[bin] += (float)(rate * Math.Clamp(offset - _offsets[bin], -limit, limit));
        _spreads[bin] += (float)(rate * (Math.Min(size, limit) - _spreads[bin]));
        _counts[bin] = (byte)Math.Min(seen + 1, byte.MaxValue);
        _level += Math.Max(LevelRate, 1.0 / _count) * Math.Clamp(residual, -limit, limit);
        return result;
    }

    private static int BinOf(long time) => (int)((ulong)time / BinNanoseconds % BinCount);

    private readonly double SpreadOf(int bin) => _counts[bin] >= SpreadCountMin
        ? _spreads[bin] + (CommonShare * _spread)
        : YoungShare * _spread;
}
