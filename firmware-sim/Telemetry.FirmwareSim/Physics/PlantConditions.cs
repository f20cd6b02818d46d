using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// What all machines share at one moment: the weather, the hardness of the ore and the load of each line. Every gateway
/// has its own instance and all of them say the same, because each value is a function of seed and time.
/// </summary>
internal sealed class PlantConditions
{
    /// <summary>Mean of the year; catalogue values are meant at this temperature, Cel.</summary>
    public const double ReferenceTemp = -1.4;

    private const double HourSeconds = 3_600;

    private readonly ulong _seed;
    private readonly Weather _weather;
    private readonly SmoothWalk _lot;
    private readonly SmoothWalk _face;
    private readonly Dictionary<string, LineLoad> _loads = new(StringComparer.Ordinal);

    public PlantConditions(ulong seed)
    {
        _seed = seed;
        _weather = new Weather(seed);
        _lot = new SmoothWalk(seed, SeededNoise.StreamOf("ore.lot"), 3 * HourSeconds);
        _face = new SmoothWalk(seed, SeededNoise.StreamOf("ore.face"), 14 * HourSeconds);
    }

    /// <summary>The time, nanoseconds since 1970.</summary>
    public long Time { get; private set; } = long.MinValue;

    /// <summary>The time in seconds since 1970.</summary>
    public double Seconds { get; private set; }

    /// <summary>The weather.</summary>
    public WeatherSample Weather { get; private set; }

    /// <summary>Hardness of the ore, in deviations from the usual; one lot lasts some hours.</summary>
    public double Hardness { get; private set; }

    /// <summary>Moves to a time.</summary>
    public void MoveTo(long time)
    {
        if (time == Time)
        {
            return;
        }

        Time = time;
        Seconds = (double)time / Timestamp.NanosecondsPerSecond;
        Weather = _weather.At(Seconds);
        Hardness = (0.8 * _lot.At(Seconds)) + (0.6 * _face.At(Seconds));
    }

    /// <summary>The line of an area; its load is in deviations from the usual.</summary>
    public LineLoad LineOf(string area)
    {
        if (!_loads.TryGetValue(area, out LineLoad? line))
        {
            line = new LineLoad(_seed, area);
            _loads.Add(area, line);
        }

        return line;
    }
}
