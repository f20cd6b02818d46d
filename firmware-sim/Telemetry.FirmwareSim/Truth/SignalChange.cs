namespace Telemetry.FirmwareSim;

/// <summary>What all effects together do to a signal at one moment.</summary>
internal struct SignalChange
{
    /// <summary>Nothing is changed.</summary>
    public static readonly SignalChange None = new()
    {
        Gain = 1,
        NoiseFactor = 1,
        Scale = 1,
        Pinned = double.NaN,
        Target = double.NaN,
    };

    public double Offset;
    public double Gain;
    public double Target;
    public double TargetPart;
    public double NoiseFactor;
    public double DriftSigmas;
    public double SpikeSigmas;
    public double Scale;
    public double Pinned;
    public double DropOut;
    public int PatternLength;
    public bool IsStuck;

    /// <summary>The true value as the failure makes it.</summary>
    public readonly double Apply(double level, double duty)
    {
        double changed = (level * (1 + ((Gain - 1) * duty))) + (Offset * duty);
        return TargetPart > 0 ? changed + ((Target - changed) * TargetPart) : changed;
    }
}
