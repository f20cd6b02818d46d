using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>The parts of <see cref="SampleOrigin"/> of many samples side by side.</summary>
internal sealed class OriginColumns(int length)
{
    /// <summary>Numbers of sources; 0 when unknown.</summary>
    public long[] Sources = new long[length];

    /// <summary>Nanoseconds added to times as they came.</summary>
    public long[] Corrections = new long[length];

    /// <summary>Bounds of the errors that are left, in nanoseconds; 0 when nothing is known.</summary>
    public long[] Uncertainties = new long[length];

    public SampleOrigin this[int index]
    {
        get => new((int)Sources[index], new TimeCorrection(Corrections[index], Uncertainties[index]));
        set
        {
            Sources[index] = value.Source;
            Corrections[index] = value.Correction.Nanoseconds;
            Uncertainties[index] = value.Correction.Uncertainty;
        }
    }

    /// <summary>Gives samples side by side the same origin.</summary>
    public void Fill(int first, int count, SampleOrigin origin)
    {
        Sources.AsSpan(first, count).Fill(origin.Source);
        Corrections.AsSpan(first, count).Fill(origin.Correction.Nanoseconds);
        Uncertainties.AsSpan(first, count).Fill(origin.Correction.Uncertainty);
    }

    public void Resize(int length)
    {
        Array.Resize(ref Sources, length);
        Array.Resize(ref Corrections, length);
        Array.Resize(ref Uncertainties, length);
    }
}
