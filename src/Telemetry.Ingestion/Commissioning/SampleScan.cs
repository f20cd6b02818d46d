using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>Reads the samples of one field into <see cref="SeenSamples"/>, up to a ceiling.</summary>
/// <param name="low">Lower end of the plausible range.</param>
/// <param name="high">Upper end of the plausible range.</param>
/// <param name="lateAfter">Later than this is late, nanoseconds.</param>
/// <param name="shift">By how much the times are wrong as stored, nanoseconds.</param>
/// <param name="before">
/// Later ones are of a clock that was not known yet; nanoseconds since 1970, with the times put right.
/// </param>
internal struct SampleScan(double low, double high, long lateAfter, long shift, long before) : ISampleVisitor
{
    public SeenSamples Seen;

    public readonly bool WantsProvenance => true;

    public readonly SummaryWish Summaries => SummaryWish.None;

    public bool OnSamples(scoped in SampleBlock block)
    {
        for (int i = 0; i < block.Count; i++)
        {
            if (Seen.Count >= IngestionLimits.CheckedSamplesMax)
            {
                return false;
            }

            Take(
                block.Times[i] - shift,
                FieldBits.ToDouble(block.Bits[i], block.Type),
                block.Qualities[i],
                block.Arrivals[i] * Timestamp.NanosecondsPerMillisecond);
        }

        return true;
    }

    private void Take(long time, double value, byte quality, long arrival)
    {
        Seen.DelayMin = Math.Min(Seen.DelayMin, arrival - time);
        if (time > before)
        {
            return;
        }

        if (Seen.Count == 0)
        {
            Seen.First = time;
        }
        else if (time - Seen.Last > Seen.LongestGap)
        {
            Seen.LongestGap = time - Seen.Last;
            Seen.GapStart = Seen.Last;
        }

        Seen.Count++;
        Seen.Last = time;
        Seen.LastValue = value;
        Seen.Late += arrival - time > lateAfter ? 1 : 0;
        if (!Quality.IsGood(quality))
        {
            Seen.NotGood++;
        }
        else if (value < low || value > high)
        {
            Seen.Outside++;
            Seen.LastOutside = value;
        }
    }
}
