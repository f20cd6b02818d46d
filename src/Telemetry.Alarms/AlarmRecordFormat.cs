using System.Buffers.Binary;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>What reading a journal record came to.</summary>
public enum AlarmReadStatus : byte
{
    /// <summary>One record was read.</summary>
    Complete = 0,

    /// <summary>The bytes end inside the record.</summary>
    NeedMore = 1,

    /// <summary>The bytes are no record.</summary>
    Malformed = 2,

    /// <summary>A version that this program does not read.</summary>
    UnknownVersion = 3,
}

/// <summary>
/// Journal records as bytes, version 1, little-endian; docs/formats/alarm-journal.md draws it. A record says its own
/// length; a checksum is the business of the file or log that it is written to.
/// </summary>
public static class AlarmRecordFormat
{
    /// <summary>Longest record: the head and eleven texts of at most <see cref="TextBytesMax"/> each.</summary>
    public const int RecordBytesMax = HeadBytes + DefinitionHeadBytes + (11 * (sizeof(ushort) + TextBytesMax));

    private const int TextBytesMax = 4_096; // four times an operator's text; names of assets come from a validated file
    private const int HeadBytes = 64;
    private const int DefinitionHeadBytes = 2; // kind, priority
    private const byte Version = 1;
    private const byte HasDefinition = 0x01;

    /// <summary>Bytes that <see cref="Write"/> needs for a record.</summary>
    public static int Measure(AlarmRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        int bytes = HeadBytes + TextBytes(record.AlarmId) + TextBytes(record.Operator) + TextBytes(record.Comment);
        if (record.Definition is { } definition)
        {
            bytes += DefinitionHeadBytes;
            foreach (string text in TextsOf(definition))
            {
                bytes += TextBytes(text);
            }
        }

        return bytes;
    }

    /// <summary>Writes a record; texts longer than 4,096 bytes are cut at a whole character.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The target is shorter than <see cref="Measure"/> says.</exception>
    public static int Write(AlarmRecord record, Span<byte> target)
    {
        int bytes = Measure(record);
        if (target.Length < bytes)
        {
            throw new ArgumentException($"cannot write journal record: expected {bytes} bytes, found {target.Length}");
        }

        BinaryPrimitives.WriteInt32LittleEndian(target, bytes);
        target[4] = Version;
        target[5] = (byte)record.Trigger;
        target[6] = (byte)(((int)record.From << 4) | (int)record.To);
        target[7] = record.Definition is null ? (byte)0 : HasDefinition;
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], record.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], record.DecidedAt);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], record.Time);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], record.Offset);
        BinaryPrimitives.WriteDoubleLittleEndian(target[40..], record.Value);
        BinaryPrimitives.WriteDoubleLittleEndian(target[48..], record.Limit);
        BinaryPrimitives.WriteInt64LittleEndian(target[56..], 0);
        Span<byte> rest = target[HeadBytes..bytes];
        WriteText(ref rest, record.AlarmId);
        WriteText(ref rest, record.Operator);
        WriteText(ref rest, record.Comment);
        if (record.Definition is { } definition)
        {
            rest[0] = (byte)definition.Kind;
            rest[1] = (byte)definition.Priority;
            rest = rest[DefinitionHeadBytes..];
            foreach (string text in TextsOf(definition))
            {
                WriteText(ref rest, text);
            }
        }

        return bytes;
    }

    /// <summary>Reads one record from the front of <paramref name="source"/>.</summary>
    /// <param name="source">One or more records, the last perhaps cut.</param>
    /// <param name="record">The record when complete.</param>
    /// <param name="bytes">Its length when complete, else 0: nothing is consumed.</param>
    public static AlarmReadStatus TryRead(ReadOnlySpan<byte> source, out AlarmRecord? record, out int bytes)
    {
        record = null;
        bytes = 0;
        if (source.Length < sizeof(int))
        {
            return AlarmReadStatus.NeedMore;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(source);
        if (length is < HeadBytes or > RecordBytesMax)
        {
            return AlarmReadStatus.Malformed;
        }

        if (source.Length < length)
        {
            return AlarmReadStatus.NeedMore;
        }

        if (source[4] != Version)
        {
            return AlarmReadStatus.UnknownVersion;
        }

        record = ReadWhole(source[..length]);
        bytes = record is null ? 0 : length;
        return record is null ? AlarmReadStatus.Malformed : AlarmReadStatus.Complete;
    }

    private static AlarmRecord? ReadWhole(ReadOnlySpan<byte> source)
    {
        var trigger = (AlarmTrigger)source[5];
        var from = (AlarmState)(source[6] >> 4);
        var to = (AlarmState)(source[6] & 0x0F);
        ReadOnlySpan<byte> rest = source[HeadBytes..];
        bool isWhole = TryReadText(ref rest, out string id)
            & TryReadText(ref rest, out string name)
            & TryReadText(ref rest, out string comment);
        AlarmDefinition? definition = null;
        if (source[7] == HasDefinition)
        {
            isWhole &= TryReadDefinition(ref rest, id, out definition);
        }

        bool isSane = isWhole
            && rest.IsEmpty
            && source[7] <= HasDefinition
            && BinaryPrimitives.ReadInt64LittleEndian(source[56..]) == 0
            && trigger <= AlarmTrigger.Withdraw
            && from <= AlarmState.ReturnedUnacknowledged
            && to <= AlarmState.ReturnedUnacknowledged;
        return !isSane ? null : new AlarmRecord
        {
            Sequence = BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            AlarmId = id,
            Trigger = trigger,
            From = from,
            To = to,
            DecidedAt = BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            Time = BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            Offset = BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            Value = BinaryPrimitives.ReadDoubleLittleEndian(source[40..]),
            Limit = BinaryPrimitives.ReadDoubleLittleEndian(source[48..]),
            Operator = name,
            Comment = comment,
            Definition = definition,
        };
    }

    private static string[] TextsOf(AlarmDefinition definition) =>
    [
        definition.Asset,
        definition.Area,
        definition.Signal,
        definition.SignalName,
        definition.Unit,
        definition.AssetName.English,
        definition.AssetName.Mongolian,
        definition.AssetName.Korean,
    ];

    private static bool TryReadDefinition(ref ReadOnlySpan<byte> rest, string id, out AlarmDefinition? definition)
    {
        definition = null;
        if (rest.Length < DefinitionHeadBytes)
        {
            return false;
        }

        var kind = (ConditionKind)rest[0];
        var priority = (AlarmPriority)rest[1];
        rest = rest[DefinitionHeadBytes..];
        bool isWhole = TryReadText(ref rest, out string asset)
            & TryReadText(ref rest, out string area)
            & TryReadText(ref rest, out string signal)
            & TryReadText(ref rest, out string signalName)
            & TryReadText(ref rest, out string unit)
            & TryReadText(ref rest, out string english)
            & TryReadText(ref rest, out string mongolian)
            & TryReadText(ref rest, out string korean);
        definition = new AlarmDefinition(
            id, kind, priority, asset, area, signal, signalName, unit, new DisplayName(english, mongolian, korean));
        return isWhole
            && kind <= ConditionKind.OutOfRange
            && priority is AlarmPriority.Low or AlarmPriority.Medium or AlarmPriority.High;
    }

    private static int TextBytes(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(Kept(text));

    private static void WriteText(ref Span<byte> rest, string text)
    {
        int bytes = Encoding.UTF8.GetBytes(Kept(text), rest[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)bytes);
        rest = rest[(sizeof(ushort) + bytes)..];
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < sizeof(ushort))
        {
            return false;
        }

        int bytes = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (bytes > TextBytesMax || rest.Length - sizeof(ushort) < bytes)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest.Slice(sizeof(ushort), bytes));
        rest = rest[(sizeof(ushort) + bytes)..];
        return true;
    }

    /// <summary>The longest part of a text that fits; nearly always the text itself.</summary>
    private static ReadOnlySpan<char> Kept(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= TextBytesMax)
        {
            return text;
        }

        // Four bytes at most for each UTF-16 unit or pair, so a quarter always fits; a pair is not split.
        int length = TextBytesMax / 4;
        return text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length);
    }
}
