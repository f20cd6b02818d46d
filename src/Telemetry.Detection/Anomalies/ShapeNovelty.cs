using System.Runtime.CompilerServices;

namespace Telemetry.Detection;

/// <summary>One number for each prototype.</summary>
[InlineArray(ShapeNovelty.PrototypeCountMax)]
internal struct PrototypeValues
{
    private float _first;
}

/// <summary>
/// How far the last two blocks of a series are from every pair of blocks it had before. A block of ten observations is
/// stood for by its value farthest from the running level; pairs that were seen are kept as prototypes (leader
/// clustering; exemplars, Jones et al. 2016).
/// </summary>
internal struct ShapeNovelty
{
    /// <summary>How many pairs are kept.</summary>
    public const int PrototypeCountMax = 32;

    private const int BlockCount = 10; // observations per block
    private const double LevelRate = 0.5; // of the running level, per block
    private const float Pull = 0.05f; // how far the nearest prototype moves towards a pair that it stands for
    private const double DistanceRateMin = 0.002; // of the mean distance
    private const float UseFade = 0.9995f; // per block; the least used prototype gives way
    private const double Replaces = 2; // times the mean distance from which on it does
    private const int Gap = 1; // blocks
    private const double Fade = 1e-4; // per block: 1e-5 per observation

    private PrototypeValues _last;
    private PrototypeValues _beforeLast;
    private PrototypeValues _uses;
    private EventRank _events;
    private double _sum;
    private float _highest;
    private float _lowest;
    private float _level;
    private float _previous;
    private float _distanceMean;
    private float _held;
    private int _blockCount;
    private int _distanceCount;
    private byte _count;
    private byte _prototypeCount;

    /// <summary>True when its numbers stay within its arrays.</summary>
    public readonly bool IsSane =>
        _count < BlockCount && _prototypeCount <= PrototypeCountMax && _blockCount >= 0 && _events.IsSane;

    /// <summary>Takes an observation.</summary>
    /// <param name="value">The observation.</param>
    /// <param name="resolution">Differences up to here are none.</param>
    /// <returns>Surprise of the last whole block.</returns>
    public double Observe(double value, double resolution)
    {
        float narrow = (float)value;
        _highest = _count == 0 ? narrow : Math.Max(_highest, narrow);
        _lowest = _count == 0 ? narrow : Math.Min(_lowest, narrow);
        _sum += value;
        if (++_count == BlockCount)
        {
            EndBlock(resolution);
        }

        return _blockCount == 0 ? EventRank.Usual : _held;
    }

    private void EndBlock(double resolution)
    {
        float mean = (float)(_sum / BlockCount);
        _level = _blockCount == 0 ? mean : (float)(_level + (LevelRate * (mean - _level)));
        float block = Math.Abs(_highest - _level) >= Math.Abs(_lowest - _level) ? _highest : _lowest;
        float distance = 0;
        if (_blockCount >= 2)
        {
            distance = Learn(block, _previous, resolution);
        }

        _previous = block;
        _held = (float)_events.Observe(_blockCount, distance, Gap, Fade);
        _blockCount++;
        _count = 0;
        _sum = 0;
    }

    /// <returns>The distance to the nearest pair that was known before.</returns>
    private float Learn(float block, float before, double resolution)
    {
        if (_prototypeCount == 0)
        {
            Set(_prototypeCount++, block, before);
            return 0;
        }

        int nearest = Nearest(block, before, out float distance);
        distance = distance > resolution ? distance : 0;
        _distanceCount++;
        _distanceMean += (float)(Math.Max(DistanceRateMin, 1.0 / _distanceCount) * (distance - _distanceMean));
        for (int i = 0; i < _prototypeCount; i++)
        {
            _uses[i] *= UseFade;
        }

        if (distance > _distanceMean && _prototypeCount < PrototypeCountMax)
        {
            Set(_prototypeCount++, block, before);
        }
        else if (distance > Replaces * _distanceMean && _prototypeCount == PrototypeCountMax)
        {
            Set(LeastUsed(), block, before);
        }
        else
        {
            _last[nearest] += Pull * (block - _last[nearest]);
            _beforeLast[nearest] += Pull * (before - _beforeLast[nearest]);
            _uses[nearest]++;
        }

        return distance;
    }

    private readonly int Nearest(float block, float before, out float distance)
    {
        int nearest = 0;
        float smallest = float.PositiveInfinity;
        for (int i = 0; i < _prototypeCount; i++)
        {
            float byLast = block - _last[i];
            float byBefore = before - _beforeLast[i];
            float square = (byLast * byLast) + (byBefore * byBefore);
            if (square < smallest)
            {
                smallest = square;
                nearest = i;
            }
        }

        distance = MathF.Sqrt(smallest / 2);
        return nearest;
    }

    private readonly int LeastUsed()
    {
        int least = 0;
        for (int i = 1; i < _prototypeCount; i++)
        {
            least = _uses[i] < _uses[least] ? i : least;
        }

        return least;
    }

    private void Set(int place, float block, float before)
    {
        _last[place] = block;
        _beforeLast[place] = before;
        _uses[place] = 1;
    }
}
