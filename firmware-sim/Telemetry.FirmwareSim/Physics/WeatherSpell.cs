namespace Telemetry.FirmwareSim;

/// <summary>A stretch of weather of its own kind: it comes within some hours, stays and goes as it came.</summary>
/// <param name="Start">Event time at which it begins to come, nanoseconds since 1970.</param>
/// <param name="Full">When it is there.</param>
/// <param name="Until">When it begins to go.</param>
/// <param name="End">When it is gone.</param>
public sealed record WeatherSpell(long Start, long Full, long Until, long End)
{
    /// <summary>Mean air temperature while it is there, Cel; the day's swing is halved. NaN leaves it.</summary>
    public double AirTemp { get; init; } = double.NaN;

    /// <summary>Wind while it is there, m/s; NaN leaves it.</summary>
    public double Wind { get; init; } = double.NaN;

    /// <summary>Visibility while it is there, km; NaN leaves it.</summary>
    public double Visibility { get; init; } = double.NaN;

    /// <summary>The weather with this spell in it.</summary>
    /// <param name="sample">The weather without.</param>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    internal WeatherSample Over(WeatherSample sample, long time)
    {
        double part = time < Start || time >= End ? 0
            : time < Full ? (time - Start) / (double)(Full - Start)
            : time <= Until ? 1
            : (End - time) / (double)(End - Until);
        return part <= 0 ? sample : sample with
        {
            AirTemp = Mixed(sample.AirTemp, AirTemp + (0.5 * sample.DaySwing), part),
            Wind = Mixed(sample.Wind, Wind, part),
            Visibility = Mixed(sample.Visibility, Visibility, part),
        };
    }

    private static double Mixed(double without, double with, double part) =>
        double.IsNaN(with) ? without : without + ((with - without) * part);
}
