using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// What all machines share at one moment: the weather, the hardness of the ore and the load of each line. Every gateway
/// has its own instance and all of them say the same, because each value is a function of seed and time.
/// </summary>
internal sealed class PlantConditions(ulong seed)
{
    /// <summary>Mean of the year; catalogue values are meant at this temperature, Cel.</summary>
    public const double ReferenceTemp = -1.4;

    private const double HourSeconds = 3_600;

    private readonly Weather _weather = new(seed);
    private readonly Dictionary<string, ulong> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _loads = new(StringComparer.Ordinal);

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
        Hardness = (0.8 * Walk("ore.lot", 3 * HourSeconds)) + (0.6 * Walk("ore.face", 14 * HourSeconds));
        _loads.Clear();
    }

    /// <summary>Load of an area's line, in deviations from the usual.</summary>
    public double LoadOf(string area)
    {
        if (!_loads.TryGetValue(area, out double load))
        {
            load = (0.8 * Walk($"load.{area}", 0.4 * HourSeconds)) + (0.6 * Walk($"shift.{area}", 4 * HourSeconds));
            _loads.Add(area, load);
        }

        return load;
    }

    private double Walk(string name, double cellSeconds)
    {
        if (!_streams.TryGetValue(name, out ulong stream))
        {
            stream = SeededNoise.StreamOf(name);
            _streams.Add(name, stream);
        }

        return SeededNoise.Smooth(seed, stream, Seconds, cellSeconds);
    }
}
