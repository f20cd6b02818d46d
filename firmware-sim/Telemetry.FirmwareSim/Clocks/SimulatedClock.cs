using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// A gateway's clock on a 32 kHz crystal without compensation: its frequency falls with the square of the distance from
/// 25 °C by 0.034 ppm/K², so that it loses 12.4 s a day at −40 °C and 6 at −20 °C. Times are nanoseconds since 1970.
/// </summary>
/// <param name="trueTime">When it starts, right.</param>
/// <param name="tolerancePartsPerMillion">What this crystal gains at 25 °C; up to ±20 as they are sold.</param>
public sealed class SimulatedClock(long trueTime, double tolerancePartsPerMillion = 0)
{
    private const double TurnoverCelsius = 25;
    private const double PartsPerMillionPerSquareKelvin = 0.034;
    private long _trueTime = trueTime;
    private long _set = trueTime;
    private double _elapsed; // since it was set, by itself

    /// <summary>What it shows.</summary>
    public long Reading => _set + (long)_elapsed;

    /// <summary>Clock less true time: negative when it is behind.</summary>
    public long Skew => Reading - _trueTime;

    /// <summary>Lets time pass.</summary>
    /// <param name="until">True time; earlier than before is passed over.</param>
    /// <param name="celsius">Temperature of the crystal meanwhile.</param>
    public void Advance(long until, double celsius)
    {
        double kelvin = celsius - TurnoverCelsius;
        double partsPerMillion = tolerancePartsPerMillion - (PartsPerMillionPerSquareKelvin * kelvin * kelvin);
        long span = Math.Max(0, until - _trueTime);
        _elapsed += span * (1 + (partsPerMillion / 1e6));
        _trueTime += span;
    }

    /// <summary>Sets it: by a time server, by hand, or to where its firmware begins.</summary>
    public void Set(long reading)
    {
        _set = reading;
        _elapsed = 0;
    }

    /// <summary>Seconds that it gains per day at a temperature.</summary>
    public static double GainPerDay(double celsius)
    {
        var clock = new SimulatedClock(0);
        clock.Advance(86_400L * Timestamp.NanosecondsPerSecond, celsius);
        return clock.Skew / (double)Timestamp.NanosecondsPerSecond;
    }
}
