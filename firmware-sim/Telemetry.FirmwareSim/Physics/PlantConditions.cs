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
    private const double HallTemp = 12;

    private readonly ulong _seed;
    private readonly Surroundings _surroundings;
    private readonly EpisodePlan _plan;
    private readonly Weather _weather;
    private readonly SmoothWalk _lot;
    private readonly SmoothWalk _face;
    private readonly Dictionary<string, LineLoad> _loads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Machine> _machines = new(StringComparer.Ordinal);

    public PlantConditions(ulong seed, Surroundings? surroundings = null, EpisodePlan? plan = null)
    {
        _seed = seed;
        _surroundings = surroundings ?? Surroundings.Usual;
        _plan = plan ?? EpisodePlan.Empty;
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

    /// <summary>True when the weather is of the seed alone, which passes no limit.</summary>
    public bool IsWeatherUsual => _surroundings.Weather is null && _surroundings.Spells.Count == 0;

    /// <summary>Moves to a time.</summary>
    public void MoveTo(long time)
    {
        if (time == Time)
        {
            return;
        }

        Time = time;
        Seconds = (double)time / Timestamp.NanosecondsPerSecond;
        Weather = WeatherAt(time);
        Hardness = (0.8 * _lot.At(Seconds)) + (0.6 * _face.At(Seconds));
    }

    /// <summary>The weather at a time, nanoseconds since 1970, with what a scenario lays over it.</summary>
    public WeatherSample WeatherAt(long time)
    {
        double seconds = (double)time / Timestamp.NanosecondsPerSecond;
        WeatherSample sample = _weather.At(seconds);
        sample = _surroundings.Weather?.Over(sample, seconds) ?? sample;
        for (int i = 0; i < _surroundings.Spells.Count; i++)
        {
            sample = _surroundings.Spells[i].Over(sample, time);
        }

        return sample;
    }

    /// <summary>The machine of an asset; null when it never stops.</summary>
    public Machine? MachineOf(Asset asset)
    {
        if (!_surroundings.Shifts)
        {
            return null;
        }

        if (!_machines.TryGetValue(asset.Id, out Machine? machine))
        {
            machine = new Machine(_seed, asset, _plan);
            _machines.Add(asset.Id, machine);
        }

        return machine.StopsAtTimes ? machine : null;
    }

    /// <summary>What is around the machines of an area, Cel: the air, or a heated hall.</summary>
    public double AroundOf(string area) => area.Length > 0 && area[0] is '1' or '2' or '6'
        ? Weather.AirTemp
        : HallTemp + (0.1 * (Weather.AirTemp - ReferenceTemp));

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
