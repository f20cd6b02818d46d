using System.Buffers;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>
/// Reads the samples that arrived in a range of the log from the embedded store, as lines: in slices of time, the
/// oldest first, and within a slice field by field. A sample becomes a line of its own. One belongs to one task.
/// </summary>
/// <param name="store">The samples.</param>
/// <param name="lines">Writes the lines.</param>
internal sealed class StoreRefill(ISampleSource store, LineProtocolWriter lines)
{
    private const int SamplesPerBody = 10_000; // under a megabyte of lines
    private const int TextBytesPerBody = 1024 * 1024;
    private const long LateNanoseconds = IngestionLimits.RefillLateDays * Timestamp.NanosecondsPerDay;
    private const long SliceNanoseconds = Timestamp.NanosecondsPerDay / 4; // some dozens, few chunks in two of them
    private readonly PointBatch _batch = new();
    private MissedRange _range;
    private int _field;
    private long _fieldFrom;

    /// <summary>Samples with times before this are given; the end of time when all are.</summary>
    public long RefilledTo { get; private set; }

    /// <summary>
    /// Goes on with a range, where it stood if it is the one of the last call. Of one whose beginning is known, what a
    /// gateway may have kept until then is looked at; of another all that is older is one slice.
    /// </summary>
    public void Begin(MissedRange range)
    {
        if (range == _range)
        {
            return;
        }

        _range = range;
        bool isNew = range.RefilledTo == long.MinValue;
        RefilledTo = isNew && range.FirstArrival > 0 ? range.FirstArrival - LateNanoseconds : range.RefilledTo;
        BeginSlice();
    }

    /// <summary>Writes the next lines; none of them may be there although the range goes on.</summary>
    /// <returns>How many lines.</returns>
    /// <exception cref="StoreException">The store cannot be read now; the slice begins anew with the next call.
    /// </exception>
    public int Fill(IBufferWriter<byte> output)
    {
        long end = RefilledTo > long.MinValue
            ? RefilledTo + SliceNanoseconds
            : _range.LastArrival - LateNanoseconds;
        _batch.Reset();
        _batch.AddRecord(0, 0, 0);
        var visitor = new Visitor(_batch, _range);
        while (_field < store.Catalogue.FieldCount)
        {
            visitor.Begin(store.Catalogue.FieldAt(_field));
            Read(end, ref visitor);
            if (visitor.IsFull)
            {
                _fieldFrom = visitor.LastTime + 1;
                return lines.Write(_batch, output);
            }

            _field++;
            _fieldFrom = RefilledTo;
        }

        // A clock that is ahead is believed for a day.
        bool isDone = end > _range.LastArrival + Timestamp.NanosecondsPerDay;
        RefilledTo = isDone ? long.MaxValue : end;
        _range = _range with { RefilledTo = RefilledTo };
        BeginSlice();
        return lines.Write(_batch, output);
    }

    private void Read(long end, ref Visitor visitor)
    {
        try
        {
            store.Read(_field, _fieldFrom, end, ref visitor);
        }
        catch (StoreException)
        {
            BeginSlice();
            throw;
        }
    }

    private void BeginSlice()
    {
        _field = 0;
        _fieldFrom = RefilledTo;
    }

    /// <summary>Takes the samples of a field that arrived in the range, until there are enough of them.</summary>
    private struct Visitor(PointBatch batch, MissedRange range) : ISampleVisitor
    {
        private readonly long _firstArrival = range.FirstArrival / Timestamp.NanosecondsPerMillisecond;
        private readonly long _lastArrival = range.LastArrival / Timestamp.NanosecondsPerMillisecond;
        private Field? _field;
        private int _textBytes;

        public bool IsFull { get; private set; }

        public long LastTime { get; private set; }

        public readonly bool WantsProvenance => true;

        public void Begin(Field field) => _field = field;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            for (int i = 0; i < block.Count; i++)
            {
                bool isWanted = block.Arrivals[i] >= _firstArrival
                    && block.Arrivals[i] <= _lastArrival
                    && block.Qualities[i] != Quality.LastKnown; // nobody measured it
                if (!isWanted)
                {
                    continue;
                }

                Add(block, i);
                LastTime = block.Times[i];
                IsFull = batch.Points.Length >= SamplesPerBody || _textBytes >= TextBytesPerBody;
                if (IsFull)
                {
                    return false;
                }
            }

            return true;
        }

        private void Add(scoped in SampleBlock block, int index)
        {
            long bits = block.Bits[index];
            if (block.Type == FieldType.String)
            {
                bits = batch.AddText(block.TextAt(index), isEscaped: false);
                _textBytes += (int)bits;
            }

            batch.AddPoint(_field!.Series.Id, block.Times[index], PointFlags.None);
            batch.AddSample(_field.Id, block.Type, block.Qualities[index], bits);
        }
    }
}
