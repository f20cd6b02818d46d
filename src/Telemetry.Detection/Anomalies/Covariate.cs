using Telemetry.Buffers;

namespace Telemetry.Detection;

/// <summary>
/// A signal that others are held against: its means over the last two minutes that it had samples in.
/// </summary>
internal sealed class Covariate
{
    private const long AgeMax = 60; // intervals: weather stations report each ten minutes

    private long _interval = long.MinValue;
    private double _sum;
    private int _count;
    private long _beforeInterval = long.MinValue;
    private double _before = double.NaN;

    /// <summary>Takes a sample.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    public void Observe(double value, long time)
    {
        long interval = time / AnomalyWatch.Interval;
        if (interval != _interval && _count > 0)
        {
            (_beforeInterval, _before) = (_interval, _sum / _count);
            (_sum, _count) = (0, 0);
        }

        _interval = interval;
        _sum += value;
        _count++;
    }

    /// <summary>The mean over a minute, or the last one before it; NaN when that is too old to say anything.</summary>
    /// <param name="interval">Number of the minute since 1970.</param>
    public double At(long interval)
    {
        bool isPast = _interval > interval;
        long found = isPast ? _beforeInterval : _interval;
        return found <= interval && interval - found <= AgeMax ? isPast ? _before : _sum / _count : double.NaN;
    }

    /// <summary>Writes it.</summary>
    public void Save(StateWriter writer)
    {
        writer.Int64(_interval);
        writer.Double(_sum);
        writer.Int32(_count);
        writer.Int64(_beforeInterval);
        writer.Double(_before);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static Covariate Restore(ref StateReader reader) => new()
    {
        _interval = reader.Int64(),
        _sum = reader.Double(),
        _count = reader.Int32(),
        _beforeInterval = reader.Int64(),
        _before = reader.Double(),
    };
}
