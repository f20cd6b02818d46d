using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Finds two different values for one field at one time within one message: the later one overwrites the earlier in
/// every store, and what was acknowledged would be gone without a word. Belongs to one thread.
/// </summary>
internal sealed class CollisionCheck
{
    private const int ComparisonsMax = 4_096; // per message; what is beyond is not looked at
    private Last[] _last = new Last[1_024];
    private int _message;

    /// <summary>The first field of the batch's last record that came twice at one time; −1: none.</summary>
    public int FieldIn(PointBatch batch)
    {
        ref readonly RecordEntry record = ref batch.Records[^1];
        _message++;
        int comparisonsLeft = ComparisonsMax;
        for (int p = record.FirstPoint; p < record.FirstPoint + record.PointCount; p++)
        {
            ref readonly PointEntry point = ref batch.Points[p];
            for (int s = point.FirstSample; s < point.FirstSample + point.SampleCount; s++)
            {
                int field = batch.Samples[s].FieldId;
                EnsureRoom(field);
                ref Last last = ref _last[field];
                bool isKnown = last.Message == _message;
                bool collides = isKnown && (last.Time == point.Time
                    ? !AreEqual(batch, last.Sample, s)
                    : last.Time > point.Time && CollidesBefore(batch, p, s, ref comparisonsLeft));
                if (collides)
                {
                    return field;
                }

                if (!isKnown || point.Time > last.Time)
                {
                    last = new Last { Message = _message, Sample = s, Time = point.Time };
                }
            }
        }

        return -1;
    }

    /// <summary>Slow path: the field's times went back, so that any earlier point may be of this time.</summary>
    private static bool CollidesBefore(PointBatch batch, int pointIndex, int sampleIndex, ref int comparisonsLeft)
    {
        ref readonly PointEntry point = ref batch.Points[pointIndex];
        for (int p = batch.Records[^1].FirstPoint; p < pointIndex; p++)
        {
            ref readonly PointEntry earlier = ref batch.Points[p];
            if (--comparisonsLeft < 0)
            {
                return false;
            }

            if (earlier.Time != point.Time || earlier.SeriesId != point.SeriesId)
            {
                continue;
            }

            comparisonsLeft -= earlier.SampleCount;
            for (int s = earlier.FirstSample; s < earlier.FirstSample + earlier.SampleCount; s++)
            {
                if (batch.Samples[s].FieldId == batch.Samples[sampleIndex].FieldId && !AreEqual(batch, s, sampleIndex))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool AreEqual(PointBatch batch, int first, int second)
    {
        SampleEntry a = batch.Samples[first];
        SampleEntry b = batch.Samples[second];
        return a.Type == FieldType.String ? batch.TextOf(a).SequenceEqual(batch.TextOf(b)) : a.Bits == b.Bits;
    }

    private void EnsureRoom(int field)
    {
        if (field >= _last.Length)
        {
            Array.Resize(ref _last, Math.Max(_last.Length * 2, field + 1));
        }
    }

    /// <summary>A field's latest sample of a message.</summary>
    private struct Last
    {
        public int Message;
        public int Sample;
        public long Time;
    }
}
