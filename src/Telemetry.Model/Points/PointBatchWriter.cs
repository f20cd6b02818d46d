using System.Text;

namespace Telemetry.Model;

/// <summary>
/// Writes decoded points into a batch, with every arriving name resolved to its identity. Names are remembered by their
/// raw bytes, so that a name seen before costs a hash and a comparison. One writer belongs to one worker thread.
/// </summary>
public sealed class PointBatchWriter : IPointHandler
{
    private const int NoField = -1;
    private readonly IFieldBinder _binder;
    private readonly IRefusalListener? _refusals;
    private readonly int _nameCountMax;
    private readonly long _nameBytesMax;
    private readonly ByteKeyTable<KnownSeries> _names = new();
    private long _nameBytes;
    private PointBatch _batch = new();
    private long _arrivalTime;
    private long _lateBefore;

    /// <param name="binder">Asked once per arriving name.</param>
    /// <param name="refusals">Told of every refused point; null when nobody counts.</param>
    /// <param name="nameCountMax">Ceiling on remembered names; beyond it all are forgotten and learned anew.</param>
    /// <param name="nameBytesMax">The same for the bytes of series and fields.</param>
    public PointBatchWriter(
        IFieldBinder binder,
        IRefusalListener? refusals = null,
        int nameCountMax = Limits.FieldCountMaxDefault,
        long nameBytesMax = Limits.RememberedNameBytesMax)
    {
        _nameBytesMax = nameBytesMax;
        _binder = binder;
        _refusals = refusals;
        _nameCountMax = nameCountMax;
    }

    /// <summary>How many points were refused by name since the writer was made.</summary>
    public long RefusedCount { get; private set; }

    /// <summary>
    /// True to leave out points without a time of their own: their record may be older than its arrival by any time.
    /// </summary>
    public bool RequiresOwnTime { get; set; }

    /// <summary>True to mark every point late, whatever its time: it is not news; set before each record.</summary>
    public bool MarksLate { get; set; }

    /// <summary>
    /// True while the gateway's clock is unknown: bindings then hold by the time of arrival; set before each record.
    /// </summary>
    public bool BindsByArrival { get; set; }

    /// <summary>Names that came before, for decoders that compare instead of reading anew.</summary>
    public ByteKeyTable<KnownSeries> Names => _names;

    /// <summary>Directs what follows into <paramref name="batch"/>.</summary>
    public void Attach(PointBatch batch) => _batch = batch;

    /// <summary>Opens a record in the batch.</summary>
    /// <param name="offset">Where it starts in the spool.</param>
    /// <param name="arrivalTime">Nanoseconds since 1970; stands for the time of points that have none.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="lateAfterNanoseconds">A point older than its arrival by more than this is marked late.</param>
    public ref RecordEntry BeginRecord(long offset, long arrivalTime, byte lane, long lateAfterNanoseconds)
    {
        _arrivalTime = arrivalTime;
        _lateBefore = arrivalTime - lateAfterNanoseconds;
        return ref _batch.AddRecord(offset, arrivalTime, lane);
    }

    /// <inheritdoc/>
    public void OnPoint(scoped in PointView point)
    {
        if (!point.HasTime && RequiresOwnTime)
        {
            return;
        }

        long time = point.HasTime ? point.Time : _arrivalTime + point.TimeFromArrival;
        KnownSeries series = SeriesOf(point);
        if (!TryResolve(series, point, BindsByArrival ? _arrivalTime : time))
        {
            return;
        }

        PointFlags flags = point.Flags | (point.HasTime ? PointFlags.None : PointFlags.ArrivalTime);
        flags |= MarksLate || time < _lateBefore ? PointFlags.Late : PointFlags.None;
        int open = -1;
        for (int i = 0; i < point.Fields.Length; i++)
        {
            if (series.Resolved[i] == NoField)
            {
                continue;
            }

            ref readonly FieldSlot slot = ref point.Fields[i];
            ref readonly KnownField known = ref series.At(series.Resolved[i]);
            Field target = known.Target!;
            if (target.Series.Id != open)
            {
                open = target.Series.Id;
                _batch.AddPoint(open, time, flags);
            }

            long bits = ValueOf(slot, known, point.Text);
            _batch.AddSample(target.Id, target.Type, slot.Quality, bits, known.Source);
        }
    }

    private KnownSeries SeriesOf(scoped in PointView point)
    {
        if (point.Known is { } known)
        {
            return known;
        }

        ForgetWhenFull();
        KnownSeries series = _names.TryFind(point.Series, out KnownSeries? named) ? named : Remember(point.Series);
        series.OnHead(point.HeadBytes);
        return series;
    }

    private long ValueOf(in FieldSlot slot, in KnownField known, ReadOnlySpan<byte> text)
    {
        if (slot.Type == FieldType.String)
        {
            return _batch.AddText(text.Slice(slot.ValueStart, slot.ValueBytes), slot.ValueIsEscaped);
        }

        bool passes = known.Scale == 1 && known.Offset == 0 && slot.Type == known.Target!.Type;
        return passes ? slot.Bits : Converted(slot, known);
    }

    /// <summary>
    /// Changes type or unit; only a float can carry the result, so the binder binds such fields to floats.
    /// </summary>
    private static long Converted(in FieldSlot slot, in KnownField known)
    {
        double value = FieldBits.ToDouble(slot.Bits, slot.Type);
        return BitConverter.DoubleToInt64Bits((value * known.Scale) + known.Offset);
    }

    /// <summary>
    /// Resolves every field before the first is written: a point is kept whole or refused whole. Text in the place of a
    /// number costs itself only.
    /// </summary>
    private bool TryResolve(KnownSeries series, in PointView point, long time)
    {
        series.BeginPoint(point.Fields.Length, isRecalled: point.Known is not null);
        for (int i = 0; i < point.Fields.Length; i++)
        {
            ref readonly FieldSlot slot = ref point.Fields[i];
            ReadOnlySpan<byte> key = point.Text.Slice(slot.KeyStart, slot.KeyBytes);
            if (slot.Written >= WrittenAs.Words)
            {
                InternOutcome outcome = slot.Written == WrittenAs.Words
                    ? InternOutcome.NotANumber
                    : InternOutcome.UnsupportedKind;
                Refuse(point.Series, key, FieldType.String, new FieldBinding(outcome, null));
                series.Resolved[i] = NoField;
                continue;
            }

            int known = series.Find(i, key, slot);
            if (known >= 0 && slot.UnitBytes == 0 && series.At(known).IsPlain)
            {
                series.Resolved[i] = known; // fast path
                continue;
            }

            known = ResolveSlow(series, known, point, slot, time);
            series.Resolved[i] = known;
            InternOutcome result = series.At(known).Outcome;
            if (result == InternOutcome.Interned)
            {
                continue;
            }

            // Text that only looks like a number, on a field of nobody's, is no value and no fault.
            if (result != InternOutcome.NotANumber)
            {
                Refuse(point.Series, key, slot.Type, series.BindingAt(known));
            }

            if (result is not (InternOutcome.NotANumber or InternOutcome.UnitDiffers))
            {
                return false;
            }

            series.Resolved[i] = NoField;
        }

        return true;
    }

    /// <summary>For a new name, and for one whose binding depends on the time or on the unit that came.</summary>
    private int ResolveSlow(KnownSeries series, int known, in PointView point, in FieldSlot slot, long time)
    {
        ReadOnlySpan<byte> key = point.Text.Slice(slot.KeyStart, slot.KeyBytes);
        ReadOnlySpan<byte> unit = point.Text.Slice(slot.UnitStart, slot.UnitBytes);
        known = known < 0 ? known : series.FindAt(known, key, slot, unit, time);
        if (known >= 0)
        {
            return known;
        }

        var field = new ArrivingField
        {
            Series = point.Series,
            Name = slot.KeyIsEscaped ? SeriesKey.Unescape(key) : Encoding.UTF8.GetString(key),
            Type = slot.Type,
            Written = slot.Written,
            Unit = Encoding.UTF8.GetString(unit),
            Time = time,
        };
        _nameBytes += key.Length + unit.Length;
        return series.Add(key, slot, unit, _binder.Bind(field));
    }

    private void Refuse(ReadOnlySpan<byte> series, ReadOnlySpan<byte> key, FieldType type, in FieldBinding binding)
    {
        RefusedCount++;
        if (binding.Outcome == InternOutcome.TypeConflict)
        {
            _refusals?.OnTypeConflict(series, SeriesKey.Unescape(key), type, binding.Expected);
        }
        else if (binding.Outcome == InternOutcome.UnitDiffers)
        {
            _refusals?.OnUnitDiffers(series, SeriesKey.Unescape(key), type, binding.Words ?? "");
        }
        else
        {
            _refusals?.OnRefused(series, SeriesKey.Unescape(key), type, binding.Outcome);
        }
    }

    // A sender that makes up names must not grow the table for ever; the catalogue's own ceiling answers it.
    private void ForgetWhenFull()
    {
        if (_names.Count > _nameCountMax || _nameBytes > _nameBytesMax)
        {
            _names.Clear();
            _nameBytes = 0;
        }
    }

    private KnownSeries Remember(ReadOnlySpan<byte> key)
    {
        _nameBytes += key.Length;
        var series = new KnownSeries();
        _names.Add(key, series);
        return series;
    }
}
