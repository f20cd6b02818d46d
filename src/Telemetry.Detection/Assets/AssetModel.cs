using Telemetry.Buffers;

namespace Telemetry.Detection.Assets;

/// <summary>
/// What commissioning learned. All but the means and deviations is in standard deviations of the smoothed signals, so
/// that units, offsets and signs of the signals make no difference.
/// </summary>
/// <param name="Gain">λ of the smoothing, per row.</param>
/// <param name="Limit">The value of T² at which the statistic is 1.</param>
/// <param name="Means">Mean of each signal, in its unit.</param>
/// <param name="Deviations">Standard deviation of each smoothed signal; infinite: it carries nothing.</param>
/// <param name="Hours">Difference from the mean by hour of the day and signal; one line: hours do not count.</param>
/// <param name="Precision">The inverse of the correlation of the smoothed signals, row by row.</param>
internal sealed record AssetModel(
    double Gain, double Limit, double[] Means, double[] Deviations, double[] Hours, double[] Precision)
{
    /// <summary>How many lines <see cref="Hours"/> has when hours count.</summary>
    public const int HoursPerDay = 24;

    private const long Hour = 3_600_000_000_000; // ns

    /// <summary>How many signals it is of.</summary>
    public int SignalCount => Means.Length;

    /// <summary>What is normal at this time.</summary>
    public ReadOnlySpan<double> NormalAt(long time) =>
        Hours.AsSpan(HourOf(time, Hours.Length / SignalCount) * SignalCount, SignalCount);

    /// <summary>A row of the precision.</summary>
    public ReadOnlySpan<double> PrecisionOf(int signal) =>
        Precision.AsSpan(signal * SignalCount, SignalCount);

    /// <summary>Writes it, but for the count of signals.</summary>
    public void Save(StateWriter writer)
    {
        writer.Double(Gain);
        writer.Double(Limit);
        writer.Flag(Hours.Length > SignalCount);
        writer.Doubles(Means);
        writer.Doubles(Deviations);
        writer.Doubles(Hours);
        writer.Doubles(Precision);
    }

    /// <summary>Reads it; false when it is cut or cannot be.</summary>
    public static bool TryRead(ref StateReader reader, int signalCount, out AssetModel model)
    {
        double gain = reader.Double();
        double limit = reader.Double();
        int hourCount = reader.Flag() ? HoursPerDay : 1;
        model = new AssetModel(
            gain,
            limit,
            new double[signalCount],
            new double[signalCount],
            new double[hourCount * signalCount],
            new double[signalCount * signalCount]);
        return reader.TryDoubles(model.Means)
            & reader.TryDoubles(model.Deviations)
            & reader.TryDoubles(model.Hours)
            & reader.TryDoubles(model.Precision)
            && model.IsSane();
    }

    /// <summary>Hour of the day (UTC) of a time in nanoseconds; 0 where hours do not count.</summary>
    public static int HourOf(long time, int hourCount)
    {
        long hour = (time / Hour) - (time % Hour < 0 ? 1 : 0);
        return hourCount == 1 ? 0 : (int)(((hour % HoursPerDay) + HoursPerDay) % HoursPerDay);
    }

    private bool IsSane()
    {
        bool isSane = Gain is > 0 and < 1 && Limit > 0 && double.IsFinite(Limit);
        for (int j = 0; j < SignalCount; j++)
        {
            isSane &= double.IsFinite(Means[j]) && Deviations[j] > 0 && PrecisionOf(j)[j] > 0;
        }

        return isSane && Array.TrueForAll(Hours, double.IsFinite) && Array.TrueForAll(Precision, double.IsFinite);
    }
}
