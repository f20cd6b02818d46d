using System.Diagnostics;

namespace Telemetry.Model;

/// <summary>Where an arriving field goes: the field it is stored as, and the change of unit on the way.</summary>
/// <param name="Outcome">Anything but Interned refuses the point by name.</param>
/// <param name="Target">The field; null when refused.</param>
/// <param name="Scale">Factor on numeric values; 1 leaves them as they came.</param>
/// <param name="Offset">Added after the factor.</param>
/// <param name="Expected">Of a type conflict, the type that stays.</param>
/// <param name="Source">Number of the source in <see cref="SourceCatalogue"/>; 0 when unknown.</param>
public readonly record struct FieldBinding(
    InternOutcome Outcome,
    Field? Target,
    double Scale = 1,
    double Offset = 0,
    FieldType Expected = FieldType.Float,
    int Source = 0)
{
    /// <summary>True when values pass through unchanged.</summary>
    public bool IsIdentity => Scale == 1 && Offset == 0;
}

/// <summary>Decides, once per arriving name, where its samples go.</summary>
public interface IFieldBinder
{
    /// <summary>
    /// The binding of a field of a series, both as they arrived (line-protocol escapes included in the key).
    /// </summary>
    FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type);

    /// <summary>
    /// The binding of a field whose number was written as text: refused as <see cref="InternOutcome.NotANumber"/>
    /// unless the field is known to be a number.
    /// </summary>
    FieldBinding BindNumberInText(ReadOnlySpan<byte> arrivingSeries, string fieldName) =>
        new(InternOutcome.NotANumber, null);
}

/// <summary>A point that was refused by name, told to whoever keeps count.</summary>
public interface IRefusalListener
{
    /// <summary>A field made its point unacceptable.</summary>
    void OnRefused(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, InternOutcome reason);

    /// <summary>
    /// A field came with another type than it has; for listeners that tell both. The others hear of it as of any other.
    /// </summary>
    void OnTypeConflict(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, FieldType expected) =>
        OnRefused(arrivingSeries, fieldName, type, InternOutcome.TypeConflict);
}

/// <summary>
/// Writes decoded points into a batch, with every arriving name resolved to its identity. Names are remembered by their
/// raw bytes, so that a name seen before costs a hash and a comparison. One writer belongs to one worker thread.
/// </summary>
public sealed class PointBatchWriter : IPointHandler
{
    private const int BucketCountMin = 1024; // a power of two; grows with the names
    private const int FieldsRememberedMax = 2 * Limits.FieldsPerPointMax; // two full sets of names of the widest point
    private const int NoField = -1;
    private readonly IFieldBinder _binder;
    private readonly IRefusalListener? _refusals;
    private readonly int _nameCountMax;
    private readonly long _nameBytesMax;
    private ArrivingSeries?[] _buckets = new ArrivingSeries?[BucketCountMin];
    private int _nameCount;
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

    /// <summary>Added to the times that points bring themselves; set before each record.</summary>
    public TimeCorrection Correction { get; set; }

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

        ForgetWhenFull();
        ArrivingSeries series = Find(point.Series) ?? Remember(point.Series);
        if (!TryResolve(series, point))
        {
            return;
        }

        TimeCorrection correction = point.HasTime ? Correction : default;
        long time = point.HasTime
            ? unchecked(point.Time + correction.Nanoseconds)
            : _arrivalTime + point.TimeFromArrival;
        PointFlags flags = point.Flags | (point.HasTime ? PointFlags.None : PointFlags.ArrivalTime);
        flags |= time < _lateBefore ? PointFlags.Late : PointFlags.None;
        int open = -1;
        for (int i = 0; i < point.Fields.Length; i++)
        {
            if (series.Resolved[i] == NoField)
            {
                continue;
            }

            ref readonly FieldSlot slot = ref point.Fields[i];
            ref readonly FieldBinding binding = ref series.BindingAt(series.Resolved[i]);
            Field target = binding.Target!;
            if (target.Series.Id != open)
            {
                open = target.Series.Id;
                _batch.AddPoint(open, time, flags, correction);
            }

            long bits = ValueOf(slot, binding, point.Text);
            _batch.AddSample(target.Id, target.Type, slot.Quality, bits, binding.Source);
        }
    }

    private long ValueOf(in FieldSlot slot, in FieldBinding binding, ReadOnlySpan<byte> text)
    {
        if (slot.Type == FieldType.String)
        {
            return _batch.AddText(text.Slice(slot.ValueStart, slot.ValueBytes), slot.ValueIsEscaped);
        }

        bool passes = binding.IsIdentity && slot.Type == binding.Target!.Type;
        return passes ? slot.Bits : Converted(slot, binding);
    }

    /// <summary>
    /// Changes type or unit; only a float can carry the result, so the binder binds such fields to floats.
    /// </summary>
    private static long Converted(in FieldSlot slot, in FieldBinding binding)
    {
        double value = FieldBits.ToDouble(slot.Bits, slot.Type);
        return BitConverter.DoubleToInt64Bits((value * binding.Scale) + binding.Offset);
    }

    /// <summary>
    /// Resolves every field before the first is written: a point is kept whole or refused whole. Text in the place of a
    /// number costs itself only.
    /// </summary>
    private bool TryResolve(ArrivingSeries series, in PointView point)
    {
        series.BeginPoint(point.Fields.Length);
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
            if (known < 0)
            {
                known = series.Add(key, slot, BindingOf(point.Series, key, slot));
                _nameBytes += key.Length;
            }

            series.Resolved[i] = known;
            ref readonly FieldBinding binding = ref series.BindingAt(known);
            if (binding.Outcome == InternOutcome.NotANumber)
            {
                series.Resolved[i] = NoField; // text that only looks like a number, on a field of nobody's
            }
            else if (binding.Outcome != InternOutcome.Interned)
            {
                Refuse(point.Series, key, slot.Type, binding);
                return false;
            }
        }

        return true;
    }

    private FieldBinding BindingOf(ReadOnlySpan<byte> series, ReadOnlySpan<byte> key, in FieldSlot slot)
    {
        string name = slot.KeyIsEscaped ? SeriesKey.Unescape(key) : System.Text.Encoding.UTF8.GetString(key);
        return slot.Written == WrittenAs.NumberInText
            ? _binder.BindNumberInText(series, name)
            : _binder.Bind(series, name, slot.Type);
    }

    private void Refuse(ReadOnlySpan<byte> series, ReadOnlySpan<byte> key, FieldType type, in FieldBinding binding)
    {
        RefusedCount++;
        if (binding.Outcome == InternOutcome.TypeConflict)
        {
            _refusals?.OnTypeConflict(series, SeriesKey.Unescape(key), type, binding.Expected);
        }
        else
        {
            _refusals?.OnRefused(series, SeriesKey.Unescape(key), type, binding.Outcome);
        }
    }

    // A sender that makes up names must not grow the table for ever; the catalogue's own ceiling answers it.
    private void ForgetWhenFull()
    {
        if (_nameCount > _nameCountMax || _nameBytes > _nameBytesMax)
        {
            Array.Clear(_buckets);
            _nameCount = 0;
            _nameBytes = 0;
        }
    }

    private ArrivingSeries? Find(ReadOnlySpan<byte> key)
    {
        uint hash = KeyHash.Of(key);
        ArrivingSeries? entry = _buckets[hash & (uint)(_buckets.Length - 1)];
        while (entry is not null && (entry.Hash != hash || !entry.Key.AsSpan().SequenceEqual(key)))
        {
            entry = entry.Next;
        }

        return entry;
    }

    private ArrivingSeries Remember(ReadOnlySpan<byte> key)
    {
        _nameBytes += key.Length;
        if (_nameCount > _buckets.Length)
        {
            Rehash();
        }

        var entry = new ArrivingSeries(key.ToArray(), KeyHash.Of(key));
        ref ArrivingSeries? bucket = ref _buckets[entry.Hash & (uint)(_buckets.Length - 1)];
        entry.Next = bucket;
        bucket = entry;
        _nameCount++;
        return entry;
    }

    private void Rehash()
    {
        ArrivingSeries?[] old = _buckets;
        _buckets = new ArrivingSeries?[old.Length * 2];
        foreach (ArrivingSeries? head in old)
        {
            for (ArrivingSeries? entry = head; entry is not null;)
            {
                ArrivingSeries? next = entry.Next;
                ref ArrivingSeries? bucket = ref _buckets[entry.Hash & (uint)(_buckets.Length - 1)];
                entry.Next = bucket;
                bucket = entry;
                entry = next;
            }
        }
    }

    /// <summary>A series name as it arrives, with the fields seen under it in their usual order.</summary>
    private sealed class ArrivingSeries(byte[] key, uint hash)
    {
        private KnownField[] _fields = new KnownField[4];
        private int _fieldCount;

        public byte[] Key { get; } = key;

        public uint Hash { get; } = hash;

        public ArrivingSeries? Next { get; set; }

        /// <summary>
        /// Scratch of the point now being written: where each of its fields stands among the known ones.
        /// </summary>
        public int[] Resolved { get; private set; } = new int[4];

        /// <summary>
        /// Makes room for a point; a sender that makes up field names must not grow the table for ever.
        /// </summary>
        public void BeginPoint(int fieldCount)
        {
            if (Resolved.Length < fieldCount)
            {
                Resolved = new int[Math.Max(fieldCount, Resolved.Length * 2)];
            }

            if (_fieldCount + fieldCount > FieldsRememberedMax && _fieldCount > Limits.FieldsPerPointMax)
            {
                Array.Clear(_fields);
                _fieldCount = 0;
            }
        }

        public ref readonly FieldBinding BindingAt(int index) => ref _fields[index].Binding;

        public int Add(ReadOnlySpan<byte> fieldKey, in FieldSlot slot, FieldBinding binding)
        {
            Debug.Assert(Find(0, fieldKey, slot) < 0, "a field is remembered once");
            if (_fieldCount == _fields.Length)
            {
                Array.Resize(ref _fields, _fields.Length * 2);
            }

            _fields[_fieldCount] = new KnownField
            {
                Key = fieldKey.ToArray(),
                Type = slot.Type,
                Written = slot.Written,
                Binding = binding,
            };
            return _fieldCount++;
        }

        /// <summary>Finds a field, first where it usually stands.</summary>
        /// <returns>Where it stands; −1 when it is not known.</returns>
        public int Find(int usualIndex, ReadOnlySpan<byte> fieldKey, in FieldSlot slot)
        {
            // Fast path: points of one series name their fields in one order.
            if (usualIndex < _fieldCount && _fields[usualIndex].Is(fieldKey, slot))
            {
                return usualIndex;
            }

            for (int i = 0; i < _fieldCount; i++)
            {
                if (_fields[i].Is(fieldKey, slot))
                {
                    return i;
                }
            }

            return -1;
        }
    }

    private struct KnownField
    {
        public byte[] Key;
        public FieldType Type;
        public WrittenAs Written;
        public FieldBinding Binding;

        public readonly bool Is(ReadOnlySpan<byte> key, in FieldSlot slot) =>
            Type == slot.Type && Written == slot.Written && key.SequenceEqual(Key);
    }
}
