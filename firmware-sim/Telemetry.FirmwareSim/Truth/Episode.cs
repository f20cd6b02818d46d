using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The truth about one failure of a run, against which detectors are scored. Times are event times, nanoseconds since
/// 1970: it grows from <see cref="Start"/> to <see cref="Full"/>, is repaired at <see cref="Repaired"/> and gone at
/// <see cref="End"/>.
/// </summary>
/// <param name="Id">Unique in the run, for instance <c>CR1-2/1</c>.</param>
/// <param name="Mode">What happens.</param>
/// <param name="Target">The asset, or the gateway, to which it happens.</param>
/// <param name="Signals">What it touches.</param>
/// <param name="Start">When it begins.</param>
/// <param name="Full">When it has its full size.</param>
/// <param name="Repaired">When it begins to go.</param>
/// <param name="End">When nothing of it is left.</param>
/// <param name="Severity">Part of the mode's largest size, 0 to 1.</param>
public sealed record Episode(
    string Id,
    FailureMode Mode,
    string Target,
    IReadOnlyList<SignalInstance> Signals,
    long Start,
    long Full,
    long Repaired,
    long End,
    double Severity)
{
    /// <summary>A time of a plan in nanoseconds; plans are made to the millisecond, as labels tell them.</summary>
    internal static long Nanoseconds(double seconds) =>
        (long)Math.Round(seconds * 1_000) * Timestamp.NanosecondsPerMillisecond;

    /// <summary>How much of an effect is there at a time, 0 to 1, without the severity.</summary>
    public double GrownAt(in SignalEffect effect, long time)
    {
        if (time < Start || time >= End)
        {
            return 0;
        }

        double onset = Full - Start;
        double part = time >= Full ? 1 : (time - Start) / onset;
        double left = time <= Repaired ? 1 : 1 - ((time - Repaired) / (double)(End - Repaired));
        return effect.GrownAt(part) * (effect.IsOfSensor ? 1 : left);
    }
}
