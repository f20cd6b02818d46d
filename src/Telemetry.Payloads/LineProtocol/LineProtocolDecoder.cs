using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// InfluxDB line protocol in full. A refused line costs that line only. Points are slices of the payload: nothing is
/// copied unless the route adds tags. Belongs to one thread.
/// </summary>
public sealed class LineProtocolDecoder : IPayloadDecoder
{
    /// <summary>Tags in one line; a line with more is refused.</summary>
    public const int TagCountMax = TagTable.CountMax;

    private readonly FieldTable _fields = new();
    private readonly TagTable _tags = new();
    private byte[] _series = new byte[256];

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        fault = default;
        int position = 0;
        bool hasPoints = false;
        while (true)
        {
            LineStatus status = DecodeLine(payload, ref position, context, ref handler, out LineFault line);
            if (status == LineStatus.Ended)
            {
                return fault.Count > 0 ? DecodeStatus.Faulted
                    : hasPoints ? DecodeStatus.Decoded
                    : DecodeStatus.NotAMeasurement;
            }

            hasPoints |= status == LineStatus.Decoded;
            fault = status == LineStatus.Faulted ? fault.And(line.Reason, line.Offset) : fault;
        }
    }

    /// <summary>
    /// Reads the next line that is neither blank nor a comment; for callers that answer for each line.
    /// </summary>
    /// <param name="payload">The whole text, the same on every call.</param>
    /// <param name="position">0 at first; moved to the next line.</param>
    /// <param name="context">What the route adds.</param>
    /// <param name="handler">Takes the point of a good line.</param>
    /// <param name="line">Where the line stands, and why it was refused.</param>
    public LineStatus DecodeLine<THandler>(
        ReadOnlySpan<byte> payload,
        ref int position,
        scoped in DecodeContext context,
        ref THandler handler,
        out LineFault line)
        where THandler : IPointHandler, allows ref struct
    {
        int start = FindLine(payload, position);
        if (start == payload.Length)
        {
            position = start;
            line = default;
            return LineStatus.Ended;
        }

        var scanner = new LineScanner(payload, start, _fields, _tags);
        KnownSeries? known = Recall(payload[start..], context, out ReadOnlySpan<byte> series);
        bool isGood = known is null
            ? scanner.TryScan(context.Precision)
            : scanner.TryScanBehindHead(known, context.Precision);
        position = scanner.Resume;
        line = new LineFault(scanner.Reason, scanner.FaultOffset, start, LineBytes(payload, start, position));
        if (!isGood)
        {
            return LineStatus.Faulted;
        }

        var point = new PointView
        {
            Series = known is null ? SeriesOf(payload.Slice(start, scanner.SeriesBytes), context) : series,
            Known = known,
            HeadBytes = scanner.SeriesBytes,
            Text = payload,
            Fields = _fields.Slots,
            Time = scanner.Time,
            HasTime = scanner.HasTime,
        };
        handler.OnPoint(point);
        return LineStatus.Decoded;
    }

    /// <summary>Skips line ends, blank lines and comments.</summary>
    private static int FindLine(ReadOnlySpan<byte> payload, int position)
    {
        int i = position;
        while (i < payload.Length)
        {
            switch (payload[i])
            {
                case (byte)'\n' or (byte)'\r' or (byte)' ':
                    i++;
                    break;
                case (byte)'#':
                    int lineEnd = payload[i..].IndexOf((byte)'\n');
                    i = lineEnd < 0 ? payload.Length : i + lineEnd + 1;
                    break;
                default:
                    return i;
            }
        }

        return i;
    }

    /// <summary>
    /// What is known of the head of a line, when one of the same bytes was read before and found good. The first space
    /// ends it, unless a backslash escapes that; no good head ends with one.
    /// </summary>
    private KnownSeries? Recall(ReadOnlySpan<byte> line, scoped in DecodeContext context, out ReadOnlySpan<byte> series)
    {
        series = default;
        int head = context.Names is null ? -1 : line.IndexOf((byte)' ');
        if (head <= 0 || line[head - 1] == '\\')
        {
            return null;
        }

        series = SeriesOf(line[..head], context);
        return context.Names!.TryFind(series, out KnownSeries? known) && known.HeadBytes == head ? known : null;
    }

    private ReadOnlySpan<byte> SeriesOf(ReadOnlySpan<byte> head, scoped in DecodeContext context) =>
        context.ExtraTags.IsEmpty ? head : WithExtraTags(head, context.ExtraTags);

    private static int LineBytes(ReadOnlySpan<byte> payload, int start, int end) =>
        end > start && payload[end - 1] == '\r' ? end - start - 1 : end - start;

    private ReadOnlySpan<byte> WithExtraTags(ReadOnlySpan<byte> series, ReadOnlySpan<byte> extraTags)
    {
        int bytes = series.Length + extraTags.Length;
        if (_series.Length < bytes)
        {
            _series = new byte[Math.Max(bytes, _series.Length * 2)];
        }

        series.CopyTo(_series);
        extraTags.CopyTo(_series.AsSpan(series.Length));
        return _series.AsSpan(0, bytes);
    }
}
