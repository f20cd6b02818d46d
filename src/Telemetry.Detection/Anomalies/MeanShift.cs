using System.Runtime.CompilerServices;

namespace Telemetry.Detection;

/// <summary>The last observations, a ring.</summary>
[InlineArray(MeanShift.WindowCount)]
internal struct RecentValues
{
    private float _first;
}

/// <summary>How far the mean of the last observations is from a slow mean of those before them.</summary>
internal struct MeanShift
{
    /// <summary>Observations in the window.</summary>
    public const int WindowCount = 20;

    private const double SlowRate = 0.003;

    private RecentValues _recent;
    private double _slow;
    private int _count;
    private byte _next;

    /// <summary>True when its numbers stay within its arrays.</summary>
    public readonly bool IsSane => _next < WindowCount && _count >= 0;

    /// <summary>The mean of the window less the slow mean; 0 while the window fills.</summary>
    public readonly double Distance => _count > WindowCount ? Mean() - _slow : 0;

    /// <summary>Takes an observation.</summary>
    /// <param name="value">The observation.</param>
    /// <param name="resolution">Differences up to here are none.</param>
    /// <returns>The size of the shift; 0 while the window fills.</returns>
    public double Observe(double value, double resolution)
    {
        float oldest = _recent[_next];
        _recent[_next] = (float)value;
        _next = (byte)((_next + 1) % WindowCount);
        if (_count < WindowCount)
        {
            _slow = _count == 0 ? value : _slow;
            _count++;
            return 0;
        }

        _count = Math.Min(_count + 1, int.MaxValue - 1);
        int passed = _count - WindowCount + 1;
        _slow += Math.Max(SlowRate, 1.0 / passed) * (oldest - _slow);
        double shift = Math.Abs(Distance);
        return shift > resolution ? shift : 0;
    }

    /// <summary>
    /// Added up anew each time: a running sum would drift, and twenty values are one cache line and a half.
    /// </summary>
    private readonly double Mean()
    {
        float sum = 0;
        foreach (float value in _recent)
        {
            sum += value;
        }

        return sum / WindowCount;
    }
}
