namespace Telemetry.FirmwareSim;

/// <summary>What one failure does to one signal.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Signal">Key of the signal; <see cref="Every"/> and <see cref="One"/> stand for many, for one.</param>
/// <param name="Size">How much at full severity, as the kind says.</param>
/// <param name="Shape">How it grows over the onset.</param>
/// <param name="From">Part of the onset after which it begins, 0 to 1.</param>
/// <param name="PeriodSeconds">Period of a swing.</param>
public readonly record struct SignalEffect(
    EffectKind Kind, string Signal, double Size, EffectShape Shape = EffectShape.Ramp, double From = 0,
    double PeriodSeconds = 0)
{
    /// <summary>Stands for every measured signal of the asset or of the gateway.</summary>
    public const string Every = "*";

    /// <summary>Stands for one measured signal of the asset, which the episode picks.</summary>
    public const string One = "?";

    /// <summary>True when it changes the sensor's reading and not what the machine does.</summary>
    public bool IsOfSensor => Kind >= EffectKind.Drift;

    /// <summary>True when it is about the clock of a gateway.</summary>
    public bool IsOfClock => Kind >= EffectKind.ClockDrift;

    /// <summary>The same with all of it at the start.</summary>
    public SignalEffect AtOnce() => this with { Shape = EffectShape.Step };

    /// <summary>The same, slow at first.</summary>
    public SignalEffect Late() => this with { Shape = EffectShape.Late };

    /// <summary>The same, beginning after a part of the onset.</summary>
    public SignalEffect After(double part) => this with { From = part };

    /// <summary>How much of it is there when a part of the onset has passed, 0 to 1.</summary>
    /// <param name="part">0 at the start, 1 when the failure is full.</param>
    public double GrownAt(double part)
    {
        double grown = From >= 1 ? 1 : Math.Clamp((part - From) / (1 - From), 0, 1);
        return Shape switch
        {
            EffectShape.Step => part >= From ? 1 : 0,
            EffectShape.Late => grown * grown * grown,
            _ => grown,
        };
    }
}
