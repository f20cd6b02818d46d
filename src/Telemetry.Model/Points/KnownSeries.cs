using System.Buffers;
using System.Text.Unicode;

namespace Telemetry.Model;

/// <summary>
/// A series name as it arrives, with the fields seen under it in their usual order. A decoder that reads the name again
/// compares it with these instead of reading it anew.
/// </summary>
public sealed class KnownSeries
{
    private const int FieldsRememberedMax = 2 * Limits.FieldsPerPointMax; // two full sets of names of the widest point
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (byte)c), 0x7F, .. " \",=\\"u8]);

    private KnownField[] _fields = new KnownField[4];
    private KnownTerms[] _terms = new KnownTerms[4]; // of the same fields, apart: the fast path does not touch them
    private int _fieldCount;

    /// <summary>
    /// Bytes of a head of line protocol, measurement and tags, that was read and found good and gave this name; 0 when
    /// none did.
    /// </summary>
    public int HeadBytes { get; private set; }

    /// <summary>
    /// Scratch of the point now being written: where each of its fields stands among the known ones.
    /// </summary>
    internal int[] Resolved { get; private set; } = new int[4];

    /// <summary>
    /// The key that the field usually has that comes as the point's n-th, when it can stand in line protocol and in
    /// JSON as it is, and is that of no field before; else empty.
    /// </summary>
    public ReadOnlySpan<byte> UsualKey(int index) =>
        index < _fieldCount && _fields[index].IsPlainKey ? _fields[index].Key : default;

    internal void OnHead(int headBytes)
    {
        if (HeadBytes == 0)
        {
            HeadBytes = headBytes;
        }
    }

    /// <summary>
    /// Makes room for a point; a sender that makes up field names must not grow the table for ever.
    /// </summary>
    /// <param name="fieldCount">Fields of the point.</param>
    /// <param name="isRecalled">Its slots speak of the fields as they are remembered: they stay.</param>
    internal void BeginPoint(int fieldCount, bool isRecalled)
    {
        if (Resolved.Length < fieldCount)
        {
            Resolved = new int[Math.Max(fieldCount, Resolved.Length * 2)];
        }

        if (!isRecalled
            && _fieldCount + fieldCount > FieldsRememberedMax
            && _fieldCount > Limits.FieldsPerPointMax)
        {
            Array.Clear(_fields);
            Array.Clear(_terms);
            _fieldCount = 0;
        }
    }

    internal ref readonly KnownField At(int index) => ref _fields[index];

    internal ref readonly FieldBinding BindingAt(int index) => ref _terms[index].Binding;

    internal int Add(ReadOnlySpan<byte> fieldKey, in FieldSlot slot, ReadOnlySpan<byte> unit, FieldBinding binding)
    {
        if (_fieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
            Array.Resize(ref _terms, _terms.Length * 2);
        }

        _fields[_fieldCount] = new KnownField
        {
            Key = fieldKey.ToArray(),
            IsPlainKey = !slot.KeyIsEscaped && IsPlain(fieldKey) && !IsKnown(fieldKey),
            Type = slot.Type,
            Written = slot.Written,
            IsPlain = binding is { Outcome: InternOutcome.Interned, HoldsAlways: true } && unit.IsEmpty,
            Outcome = binding.Outcome,
            Target = binding.Target,
            Scale = binding.Scale,
            Offset = binding.Offset,
            Source = binding.Source,
        };
        _terms[_fieldCount] = new KnownTerms(unit.ToArray(), binding);
        return _fieldCount++;
    }

    private static bool IsPlain(ReadOnlySpan<byte> key) => !key.ContainsAny(NotPlain) && Utf8.IsValid(key);

    private bool IsKnown(ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < _fieldCount; i++)
        {
            if (key.SequenceEqual(_fields[i].Key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds a field, first where it usually stands.</summary>
    /// <returns>Where it stands; −1 when it is not known.</returns>
    internal int Find(int usualIndex, ReadOnlySpan<byte> fieldKey, in FieldSlot slot)
    {
        // Fast path: points of one series name their fields in one order.
        if (slot.HasUsualKey && _fields[usualIndex].IsAs(slot))
        {
            return usualIndex;
        }

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

    /// <summary>Finds the binding of a field for a unit and a time, first where the field was found.</summary>
    /// <returns>Where it stands; −1 when it is not known.</returns>
    internal int FindAt(
        int found, ReadOnlySpan<byte> fieldKey, in FieldSlot slot, ReadOnlySpan<byte> unit, long time)
    {
        if (_terms[found].HoldFor(unit, time))
        {
            return found;
        }

        for (int i = 0; i < _fieldCount; i++)
        {
            if (_fields[i].Is(fieldKey, slot) && _terms[i].HoldFor(unit, time))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>What each sample of a field needs.</summary>
internal struct KnownField
{
    public byte[] Key;
    public Field? Target;
    public double Scale;
    public double Offset;
    public int Source;
    public FieldType Type;
    public WrittenAs Written;
    public InternOutcome Outcome;

    /// <summary>It is bound at every time, and no unit came with the value.</summary>
    public bool IsPlain;

    /// <summary>The key can stand in line protocol and JSON as it is, and no field before it has it.</summary>
    public bool IsPlainKey;

    public readonly bool IsAs(in FieldSlot slot) => Type == slot.Type && Written == slot.Written;

    public readonly bool Is(ReadOnlySpan<byte> key, in FieldSlot slot) =>
        IsAs(slot) && key.SequenceEqual(Key);
}

/// <summary>For which unit and when a binding holds.</summary>
internal readonly struct KnownTerms(byte[] unit, FieldBinding binding)
{
    public readonly FieldBinding Binding = binding;

    public bool HoldFor(ReadOnlySpan<byte> arriving, long time) =>
        Binding.HoldsAt(time) && arriving.SequenceEqual(unit);
}
