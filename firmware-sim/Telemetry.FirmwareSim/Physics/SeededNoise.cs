namespace Telemetry.FirmwareSim;

/// <summary>
/// Random numbers as a function of seed, stream and index. Nothing is drawn in order, so that no timing and no number
/// of samples taken before can change a value.
/// </summary>
internal static class SeededNoise
{
    private const double BoundSigmas = 2.5;
    private const double SmoothSigma = 0.845; // of a bounded value (0.98), interpolated between two (0.862)

    /// <summary>A stream's number from its name (FNV-1a).</summary>
    public static ulong StreamOf(string name)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char c in name)
        {
            hash = (hash ^ c) * 1_099_511_628_211;
        }

        return hash;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(ulong seed, ulong stream, long index) =>
        (Mix(Mix(seed ^ stream) + (ulong)index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller).</summary>
    public static double Gauss(ulong seed, ulong stream, long index)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(seed, stream, index)));
        return radius * Math.Cos(Math.Tau * Uniform(seed, ~stream, index));
    }

    /// <summary>As <see cref="Gauss"/>, folded back at 2.5 deviations: a sound sensor has no outliers.</summary>
    public static double Bounded(ulong seed, ulong stream, long index)
    {
        double value = Gauss(seed, stream, index);
        double beyond = Math.Abs(value) - BoundSigmas;
        return beyond <= 0 ? value : Math.Sign(value) * Math.Max(0, BoundSigmas - beyond);
    }

    /// <summary>A smooth walk with mean 0 and deviation 1 that forgets itself after some cells.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">What walks.</param>
    /// <param name="seconds">The time.</param>
    /// <param name="cellSeconds">How long one value lasts.</param>
    public static double Smooth(ulong seed, ulong stream, double seconds, double cellSeconds)
    {
        double position = seconds / cellSeconds;
        long cell = (long)Math.Floor(position);
        return Between(Bounded(seed, stream, cell), Bounded(seed, stream, cell + 1), position - cell);
    }

    /// <summary>A walk between the ends of a cell.</summary>
    /// <param name="left">Its left end.</param>
    /// <param name="right">Its right end.</param>
    /// <param name="part">How far through the cell, 0 to 1.</param>
    public static double Between(double left, double right, double part)
    {
        double weight = part * part * (3 - (2 * part));
        return (left + ((right - left) * weight)) / SmoothSigma;
    }

    /// <summary>SplitMix64's output function (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
