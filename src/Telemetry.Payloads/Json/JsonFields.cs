using System.Buffers.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// The fields read from JSON and not yet given on: their names in one text, the path of the value being read, and where
/// the current sample starts among them.
/// </summary>
internal sealed class JsonFields
{
    /// <summary>Longest field name; longer ones come from nesting that nobody means.</summary>
    public const int NameBytesMax = 1_024;

    private readonly FieldTable _table = new();
    private uint[] _hashes = new uint[32];
    private byte[] _text = new byte[1_024];
    private byte[] _path = new byte[256];
    private byte[] _word = new byte[256];
    private byte[] _aside = new byte[256];
    private int _asideBytes;
    private int _textBytes;
    private int _pathBytes;
    private int _sampleStart;
    private int _sampleTextStart;
    private Deferred[] _deferred = new Deferred[8];
    private byte[] _deferredText = new byte[256];
    private int _deferredTextBytes;

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textBytes);

    public Span<FieldSlot> Pending => _table.Slots[.._sampleStart];

    /// <summary>The samples have names of their own; a value without a path then has an empty one.</summary>
    public bool AreNamed { get; set; }

    /// <summary>Names given and not found: equal ones are kept beside each other, for others to see.</summary>
    public bool KeepsEqualNames { get; set; }

    /// <summary>What times without a zone mean.</summary>
    public LocalTimes Local { get; set; }

    /// <summary>Elements put off because they may be points of their own.</summary>
    public int DeferredCount { get; private set; }

    public int SampleCount => _table.Count - _sampleStart;

    private ReadOnlySpan<byte> PathName =>
        _pathBytes == 0 && !AreNamed ? "value"u8 : _path.AsSpan(0, _pathBytes);

    public int PathBytes => _pathBytes;

    public void Clear()
    {
        _table.Clear();
        _textBytes = 0;
        _pathBytes = 0;
        _asideBytes = 0;
        _sampleStart = 0;
        _sampleTextStart = 0;
        ClearDeferred();
    }

    public void ClearDeferred()
    {
        DeferredCount = 0;
        _deferredTextBytes = 0;
    }

    /// <summary>Puts off the element at a place in the payload, with so much of the path before its name.</summary>
    public void Defer(int position, int pathBytes)
    {
        if (DeferredCount == _deferred.Length)
        {
            Array.Resize(ref _deferred, _deferred.Length * 2);
        }

        Require(ref _deferredText, _deferredTextBytes, pathBytes);
        _path.AsSpan(0, pathBytes).CopyTo(_deferredText.AsSpan(_deferredTextBytes));
        _deferred[DeferredCount++] = new Deferred(position, _deferredTextBytes, pathBytes);
        _deferredTextBytes += pathBytes;
    }

    /// <summary>Sets the path to that before a deferred element's name.</summary>
    /// <returns>The element's place in the payload.</returns>
    public int Restore(int index)
    {
        Deferred element = _deferred[index];
        _deferredText.AsSpan(element.PathStart, element.PathBytes).CopyTo(_path); // it was once that long
        _pathBytes = element.PathBytes;
        return element.Position;
    }

    /// <summary>Shortens the path to what stands before a name that takes the place of the rest.</summary>
    /// <returns>The path's length, for <see cref="TakePathBack"/>.</returns>
    public int SetPathAside(int pathBytes)
    {
        int path = _pathBytes;
        Require(ref _aside, _asideBytes, path - pathBytes);
        _path.AsSpan(pathBytes, path - pathBytes).CopyTo(_aside.AsSpan(_asideBytes));
        _asideBytes += path - pathBytes;
        _pathBytes = pathBytes;
        return path;
    }

    /// <summary>Brings back what was set aside last; the path is as long as it was left then.</summary>
    public void TakePathBack(int path)
    {
        int bytes = path - _pathBytes;
        _asideBytes -= bytes;
        _aside.AsSpan(_asideBytes, bytes).CopyTo(_path.AsSpan(_pathBytes));
        _pathBytes = path;
    }

    public void ResetPath(int pathBytes) => _pathBytes = pathBytes;

    /// <summary>Starts the next sample; what was read so far is pending.</summary>
    public void BeginSample()
    {
        _sampleStart = _table.Count;
        _sampleTextStart = _textBytes;
        _pathBytes = 0;
    }

    /// <summary>Forgets the fields of the current sample.</summary>
    public void DropSample()
    {
        _table.Shrink(_sampleStart);
        _textBytes = _sampleTextStart;
    }

    /// <summary>Forgets what is pending; the current sample moves to the front.</summary>
    public void DropPending()
    {
        Span<FieldSlot> sample = _table.Slots[_sampleStart..];
        foreach (ref FieldSlot slot in sample)
        {
            slot.KeyStart -= _sampleTextStart;
            slot.ValueStart -= slot.ValueBytes > 0 ? _sampleTextStart : 0;
            slot.UnitStart -= slot.UnitBytes > 0 ? _sampleTextStart : 0;
        }

        sample.CopyTo(_table.Slots);
        _table.Shrink(sample.Length);
        _text.AsSpan(_sampleTextStart, _textBytes - _sampleTextStart).CopyTo(_text);
        _textBytes -= _sampleTextStart;
        _sampleStart = 0;
        _sampleTextStart = 0;
    }

    /// <summary>Adds a key to the path.</summary>
    /// <returns>The key without its escapes, valid until the path changes.</returns>
    public ReadOnlySpan<byte> PushKey(ReadOnlySpan<byte> key, bool isEscaped, ReadOnlySpan<byte> separator)
    {
        Require(ref _path, _pathBytes, separator.Length + key.Length);
        if (_pathBytes > 0)
        {
            separator.CopyTo(_path.AsSpan(_pathBytes));
            _pathBytes += separator.Length;
        }

        int start = _pathBytes;
        if (isEscaped)
        {
            _pathBytes += JsonText.Unescape(key, _path.AsSpan(start));
        }
        else
        {
            key.CopyTo(_path.AsSpan(start));
            _pathBytes += key.Length;
        }

        return _path.AsSpan(start, _pathBytes - start);
    }

    /// <summary>Adds the place in an array to the path.</summary>
    public void PushIndex(int index, ReadOnlySpan<byte> separator)
    {
        Span<byte> digits = stackalloc byte[11]; // the digits of an int
        Utf8Formatter.TryFormat(index, digits, out int bytes);
        if (_pathBytes == 0 && !AreNamed)
        {
            PushKey("value"u8, isEscaped: false, separator);
        }

        PushKey(digits[..bytes], isEscaped: false, separator);
    }

    /// <summary>Keeps a text, without escapes, under the current path.</summary>
    public FaultReason PutText(ReadOnlySpan<byte> text)
    {
        FaultReason reason = TryPut(FieldType.String, bits: 0, WrittenAs.Itself, out int index);
        if (reason == FaultReason.None)
        {
            ref FieldSlot slot = ref _table.Slots[index];
            slot.ValueStart = Append(text);
            slot.ValueBytes = text.Length;
        }

        return reason;
    }

    /// <summary>Keeps a value under the current path; a value there already is replaced: the last one wins.</summary>
    public FaultReason Put(FieldType type, long bits, WrittenAs written = WrittenAs.Itself) =>
        TryPut(type, bits, written, out _);

    /// <summary>Keeps a value under a name unless the sample has one there.</summary>
    public FaultReason PutMissing(ReadOnlySpan<byte> name, FieldType type, long bits)
    {
        _pathBytes = 0;
        PushKey(name, isEscaped: false, default);
        return Find(PathName, KeyHash.Of(PathName)) >= 0 ? FaultReason.None : Put(type, bits);
    }

    private FaultReason TryPut(FieldType type, long bits, WrittenAs written, out int index)
    {
        index = 0;
        if (_pathBytes > NameBytesMax)
        {
            return FaultReason.FieldNameTooLong;
        }

        ReadOnlySpan<byte> name = PathName;
        uint hash = KeyHash.Of(name);
        int known = KeepsEqualNames ? -1 : Find(name, hash);
        if (known < 0 && SampleCount >= Limits.FieldsPerPointMax)
        {
            return FaultReason.TooManyFields;
        }

        ref FieldSlot slot = ref known >= 0 ? ref _table.Slots[known] : ref AddSlot(name, hash);
        index = known >= 0 ? known : _table.Count - 1;
        slot.Type = type;
        slot.Bits = bits;
        slot.Written = written;
        slot.ValueBytes = 0;
        return FaultReason.None;
    }

    /// <summary>Takes back the value under the current path: what came last there is no value.</summary>
    public void Remove()
    {
        if (SampleCount == 0 || KeepsEqualNames)
        {
            return;
        }

        ReadOnlySpan<byte> name = PathName;
        int known = Find(name, KeyHash.Of(name));
        if (known >= 0)
        {
            _hashes.AsSpan(known + 1, _table.Count - known - 1).CopyTo(_hashes.AsSpan(known));
            _table.RemoveAt(known);
        }
    }

    /// <summary>Sets the quality of the current sample's fields, but for the first ones.</summary>
    public void SetQuality(byte quality, int except = 0)
    {
        foreach (ref FieldSlot slot in _table.Slots[(_sampleStart + except)..])
        {
            slot.Quality = quality;
        }
    }

    /// <summary>Sets the unit of the current sample's fields.</summary>
    public void SetUnit(ReadOnlySpan<byte> unit)
    {
        int start = Append(unit);
        foreach (ref FieldSlot slot in _table.Slots[_sampleStart..])
        {
            slot.UnitStart = start;
            slot.UnitBytes = unit.Length;
        }
    }

    /// <summary>Leaves out and renames the current sample's fields.</summary>
    public void NameSample(FieldNames names)
    {
        int kept = _sampleStart;
        for (int i = _sampleStart; i < _table.Count; i++)
        {
            FieldSlot slot = _table.Slots[i];
            ReadOnlySpan<byte> name = _text.AsSpan(slot.KeyStart, slot.KeyBytes);
            if (!names.Keeps(name))
            {
                continue;
            }

            if (names.TryRename(name, out byte[]? other))
            {
                slot.KeyStart = Append(other);
                slot.KeyBytes = other!.Length;
            }

            _table.Slots[kept++] = slot;
        }

        _table.Shrink(kept);
    }

    /// <summary>Puts a name, without escapes, before the names of the current sample's fields.</summary>
    public FaultReason PrefixSample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> separator)
    {
        foreach (ref FieldSlot slot in _table.Slots[_sampleStart..])
        {
            int ownStart = name.Length + (slot.KeyBytes > 0 ? separator.Length : 0);
            int bytes = ownStart + slot.KeyBytes;
            if (bytes > NameBytesMax)
            {
                return FaultReason.FieldNameTooLong;
            }

            Require(ref _text, _textBytes, bytes);
            Span<byte> target = _text.AsSpan(_textBytes, bytes);
            name.CopyTo(target);
            separator[..(ownStart - name.Length)].CopyTo(target[name.Length..]);
            _text.AsSpan(slot.KeyStart, slot.KeyBytes).CopyTo(target[ownStart..]);
            slot.KeyStart = _textBytes;
            slot.KeyBytes = bytes;
            _textBytes += bytes;
        }

        return FaultReason.None;
    }

    /// <summary>A string of the payload without its escapes, valid until the next call.</summary>
    public ReadOnlySpan<byte> Plain(JsonText text, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> raw = text.In(payload);
        if (!text.IsEscaped)
        {
            return raw;
        }

        Require(ref _word, 0, raw.Length);
        return _word.AsSpan(0, JsonText.Unescape(raw, _word));
    }

    private int Find(ReadOnlySpan<byte> name, uint hash)
    {
        int from = _sampleStart;
        while (from < _table.Count)
        {
            int step = _hashes.AsSpan(from, _table.Count - from).IndexOf(hash);
            if (step < 0)
            {
                return -1;
            }

            from += step;
            ref FieldSlot slot = ref _table.Slots[from];
            if (_text.AsSpan(slot.KeyStart, slot.KeyBytes).SequenceEqual(name))
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    private ref FieldSlot AddSlot(ReadOnlySpan<byte> name, uint hash)
    {
        if (_table.Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, _hashes.Length * 2);
        }

        _hashes[_table.Count] = hash;
        ref FieldSlot slot = ref _table.Add();
        slot.KeyStart = Append(name);
        slot.KeyBytes = name.Length;
        return ref slot;
    }

    private int Append(ReadOnlySpan<byte> text)
    {
        int start = _textBytes;
        Require(ref _text, start, text.Length);
        text.CopyTo(_text.AsSpan(start));
        _textBytes += text.Length;
        return start;
    }

    private readonly record struct Deferred(int Position, int PathStart, int PathBytes);

    private static void Require(ref byte[] buffer, int used, int more)
    {
        if (buffer.Length - used < more)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + more));
        }
    }
}
