using System.Text;
using System.Text.Unicode;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// CSV lines, one point each (RFC 4180, with other delimiters and decimal commas where the mapping says so). A line
/// that cannot be read costs that line only. Belongs to one thread.
/// </summary>
public sealed class CsvDecoder : IPayloadDecoder
{
    private const int NumberBytesMax = 64; // of one with a decimal comma, which is copied
    private const string PlaceName = "value_"; // of a column without a name

    private readonly CsvMapping _mapping;
    private readonly CsvRole[] _roles;
    private readonly byte[] _names; // of all columns, one behind the other
    private readonly FieldSlot[] _keys;
    private readonly FieldTable _fields = new();
    private readonly SeriesText _series = new();
    private int _tagBytes;
    private LocalTimes _local;

    /// <param name="mapping">What the cells are; null for the defaults.</param>
    public CsvDecoder(CsvMapping? mapping = null)
    {
        _mapping = mapping ?? new CsvMapping();
        IReadOnlyList<string> columns = _mapping.Columns.Count > 0
            ? _mapping.Columns
            : [.. Enumerable.Range(0, Limits.FieldsPerPointMax).Select(place => $"{PlaceName}{place}")];
        _roles = [.. columns.Select(RoleOf)];
        _names = Encoding.UTF8.GetBytes(string.Concat(columns));
        _keys = new FieldSlot[columns.Count];
        int start = 0;
        for (int i = 0; i < _keys.Length; i++)
        {
            int bytes = Encoding.UTF8.GetByteCount(columns[i]);
            _keys[i] = new FieldSlot { KeyStart = start, KeyBytes = bytes, Quality = Quality.Good };
            start += bytes;
        }
    }

    private enum CsvRole : byte
    {
        Field,
        Skipped,
        Time,
        Quality,
        Tag,
    }

    private bool IsMapped => _mapping.Columns.Count > 0;

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        _local = context.Local;
        if (!Utf8.IsValid(payload))
        {
            fault = new PayloadFault(FaultReason.InvalidUtf8, Utf8Place.IndexOfInvalid(payload), 1);
            return DecodeStatus.Faulted;
        }

        int position = payload.StartsWith("\uFEFF"u8) ? 3 : 0;
        bool isHeader = _mapping.HasHeader;
        bool hasPoints = false;
        while ((position = SkipBlankLines(payload, position)) < payload.Length)
        {
            int start = position;
            Line line = ReadLine(payload, ref position, context, isHeader);
            isHeader = false;
            if (line.Reason != FaultReason.None)
            {
                fault = fault.And(line.Reason, Math.Max(line.FaultOffset, start));
            }
            else if (_fields.Count > 0)
            {
                hasPoints = true;
                Give(context, line, ref handler);
            }
        }

        return fault.Count > 0 ? DecodeStatus.Faulted
            : hasPoints ? DecodeStatus.Decoded
            : DecodeStatus.NotAMeasurement;
    }

    private CsvRole RoleOf(string column) =>
        column.Length == 0 ? CsvRole.Skipped
        : column == _mapping.Time ? CsvRole.Time
        : column == _mapping.Quality ? CsvRole.Quality
        : _mapping.Tags.Contains(column) ? CsvRole.Tag
        : CsvRole.Field;

    private static int SkipBlankLines(ReadOnlySpan<byte> payload, int position)
    {
        int next = payload[position..].IndexOfAnyExcept(" \r\n"u8);
        return next < 0 ? payload.Length : position + next;
    }

    private void Give<THandler>(scoped in DecodeContext context, Line line, ref THandler handler)
        where THandler : IPointHandler, allows ref struct
    {
        foreach (ref FieldSlot slot in _fields.Slots)
        {
            slot.Quality = line.Quality;
        }

        handler.OnPoint(new PointView
        {
            Series = _tagBytes == 0 ? context.Series : _series.Text,
            Text = _names,
            Fields = _fields.Slots,
            Time = line.Time,
            HasTime = line.HasTime,
        });
    }

    private Line ReadLine(
        ReadOnlySpan<byte> payload, ref int position, scoped in DecodeContext context, bool isHeader)
    {
        _fields.Clear();
        _series.Clear();
        _series.AppendRaw(context.Series);
        _tagBytes = 0;
        var line = new Line { Quality = Quality.Good };
        var cells = new CsvCells(payload, position, DelimiterOf(payload[position..]));
        int place = 0;
        for (; cells.TryRead(out int start, out int bytes); place++)
        {
            if (place < _keys.Length && !isHeader)
            {
                TakeCell(payload.Slice(start, bytes), place, start, ref line);
            }
        }

        int lineStart = position;
        position = cells.HasFailed ? payload.Length : cells.Position; // where a quote has no end nothing is sure
        bool hasOtherCount = !isHeader && (IsMapped ? place != _keys.Length : place > _keys.Length);
        if (cells.HasFailed || hasOtherCount)
        {
            line.Refuse(cells.HasFailed ? FaultReason.UnbalancedQuotes : FaultReason.CellCountDiffers, lineStart);
        }

        return line;
    }

    private void TakeCell(ReadOnlySpan<byte> cell, int place, int offset, ref Line line)
    {
        if (cell.IsEmpty)
        {
            return;
        }

        switch (_roles[place])
        {
            case CsvRole.Time:
                TakeTime(cell, offset, ref line);
                break;
            case CsvRole.Quality:
                line.Quality = QualityValue.OfWord(cell);
                break;
            case CsvRole.Tag:
                ref readonly FieldSlot key = ref _keys[place];
                _series.AppendTagKey(_names.AsSpan(key.KeyStart, key.KeyBytes));
                _series.AppendTagValue(cell);
                _tagBytes += cell.Length;
                break;
            case CsvRole.Field when !IsMapped && place == 0 && IsIsoTime(cell, out long time):
                line.SetTime(time);
                break;
            case CsvRole.Field:
                TakeField(cell, place);
                break;
            case CsvRole.Skipped:
            default:
                break;
        }
    }

    private void TakeTime(ReadOnlySpan<byte> cell, int offset, ref Line line)
    {
        TimeOutcome outcome = PayloadTime.ReadIso(cell, _mapping.ZoneMinutes, _local, out long time);
        if (outcome == TimeOutcome.NotATime)
        {
            outcome = _mapping.Precision is { } precision
                ? PayloadTime.ReadNumber(cell, precision, out time)
                : PayloadTime.ReadPlausibleNumber(cell, out time);
        }

        if (outcome == TimeOutcome.Parsed)
        {
            line.SetTime(time);
        }
        else
        {
            line.Refuse(PayloadTime.ReasonOf(outcome), offset);
        }
    }

    private bool IsIsoTime(ReadOnlySpan<byte> cell, out long time) =>
        PayloadTime.ReadIso(cell, _mapping.ZoneMinutes, _local, out time) == TimeOutcome.Parsed;

    /// <summary>
    /// A number or truth value; other text is no value, and is told of where the mapping names the column.
    /// </summary>
    private void TakeField(ReadOnlySpan<byte> cell, int place)
    {
        bool isTrue = cell.SequenceEqual("true"u8);
        bool isBoolean = isTrue || cell.SequenceEqual("false"u8);
        double number = 0;
        bool isNumber = !isBoolean && TryReadNumber(cell, out number);
        if (!isBoolean && !isNumber && !IsMapped)
        {
            return;
        }

        ref FieldSlot slot = ref _fields.Add();
        slot = _keys[place];
        slot.Type = isBoolean ? FieldType.Boolean : isNumber ? FieldType.Float : FieldType.String;
        slot.Bits = isBoolean ? (isTrue ? 1 : 0) : BitConverter.DoubleToInt64Bits(number);
        slot.Written = isBoolean || isNumber ? WrittenAs.Itself : WrittenAs.Words;
    }

    private bool TryReadNumber(ReadOnlySpan<byte> cell, out double number)
    {
        int comma = _mapping.HasDecimalComma ? cell.IndexOf((byte)',') : -1;
        if (comma < 0 || cell.Length > NumberBytesMax)
        {
            return Utf8Number.TryParseDouble(cell, out number);
        }

        Span<byte> text = stackalloc byte[NumberBytesMax];
        cell.CopyTo(text);
        text[comma] = (byte)'.';
        return Utf8Number.TryParseDouble(text[..cell.Length], out number);
    }

    private byte DelimiterOf(ReadOnlySpan<byte> rest)
    {
        if (_mapping.Delimiter is { } given)
        {
            return (byte)given;
        }

        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        return line.Contains((byte)'\t') ? (byte)'\t' : line.Contains((byte)';') ? (byte)';' : (byte)',';
    }

    /// <summary>What a line says besides its fields; the first refusal stays.</summary>
    private struct Line
    {
        public byte Quality;

        public long Time { get; private set; }

        public bool HasTime { get; private set; }

        public FaultReason Reason { get; private set; }

        public int FaultOffset { get; private set; }

        public void SetTime(long time)
        {
            Time = time;
            HasTime = true;
        }

        public void Refuse(FaultReason reason, int offset)
        {
            FaultOffset = Reason == FaultReason.None ? offset : FaultOffset;
            Reason = Reason == FaultReason.None ? reason : Reason;
        }
    }
}
