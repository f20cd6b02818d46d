using System.Buffers;
using System.Buffers.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Influx;

/// <summary>
/// Batches → line protocol with nanosecond times. Names are escaped once and remembered. A point whose names a server
/// is known to choke on is left out and counted: a backslash in a name stands beside a separator once rendered, and
/// InfluxDB 1.x ends its process on some of those. One writer belongs to one thread.
/// </summary>
public sealed class LineProtocolWriter
{
    private const int NumberBytesMax = 32; // "-1.7976931348623157E+308" and 20-digit integers with their suffix
    private static readonly SearchValues<byte> EscapedInNames = SearchValues.Create(",= "u8);
    private readonly SeriesCatalogue _catalogue;
    private byte[]?[] _fieldKeys = [];
    private bool?[] _seriesSafety = [];

    /// <param name="catalogue">Names of series and fields.</param>
    public LineProtocolWriter(SeriesCatalogue catalogue) => _catalogue = catalogue;

    /// <summary>Points left out because of their names.</summary>
    public long LeftOutCount { get; private set; }

    /// <summary>Appends every point of the batch as a line.</summary>
    /// <returns>How many lines were written.</returns>
    public int Write(PointBatch batch, IBufferWriter<byte> output)
    {
        int lines = 0;
        foreach (ref readonly PointEntry point in batch.Points)
        {
            if ((point.Flags & PointFlags.Stale) != 0)
            {
                continue; // nobody measured it, and InfluxDB has no quality to say so
            }

            if (IsSafe(batch, point))
            {
                WritePoint(batch, point, output);
                lines++;
            }
            else
            {
                LeftOutCount++;
            }
        }

        return lines;
    }

    private bool IsSafe(PointBatch batch, in PointEntry point)
    {
        if (!IsSafe(point.SeriesId))
        {
            return false;
        }

        foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
        {
            if (KeyOf(sample.FieldId).Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSafe(int seriesId)
    {
        if (seriesId >= _seriesSafety.Length)
        {
            Array.Resize(ref _seriesSafety, Math.Max(seriesId + 1, _seriesSafety.Length * 2));
        }

        return _seriesSafety[seriesId] ??= HasSafeNames(_catalogue.SeriesAt(seriesId));
    }

    private static bool HasSafeNames(Series series) =>
        !series.Measurement.Contains('\\')
        && !series.Tags.Any(tag => tag.Key.Contains('\\') || tag.Value.Contains('\\'));

    private void WritePoint(PointBatch batch, in PointEntry point, IBufferWriter<byte> output)
    {
        output.Write(_catalogue.SeriesAt(point.SeriesId).Key.Span);
        byte separator = (byte)' ';
        foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
        {
            WriteByte(output, separator);
            output.Write(KeyOf(sample.FieldId));
            WriteValue(batch, sample, output);
            separator = (byte)',';
        }

        Span<byte> time = output.GetSpan(NumberBytesMax);
        time[0] = (byte)' ';
        Utf8Formatter.TryFormat(point.Time, time[1..], out int bytes);
        time[1 + bytes] = (byte)'\n';
        output.Advance(bytes + 2);
    }

    private static void WriteValue(PointBatch batch, in SampleEntry sample, IBufferWriter<byte> output)
    {
        int bytes;
        Span<byte> target = output.GetSpan(NumberBytesMax);
        switch (sample.Type)
        {
            case FieldType.Float:
                Utf8Number.TryFormat(BitConverter.Int64BitsToDouble(sample.Bits), target, out bytes);
                output.Advance(bytes);
                break;
            case FieldType.Integer:
                Utf8Formatter.TryFormat(sample.Bits, target, out bytes);
                target[bytes] = (byte)'i';
                output.Advance(bytes + 1);
                break;
            case FieldType.Unsigned:
                Utf8Formatter.TryFormat((ulong)sample.Bits, target, out bytes);
                target[bytes] = (byte)'u';
                output.Advance(bytes + 1);
                break;
            case FieldType.Boolean:
                target[0] = sample.Bits != 0 ? (byte)'t' : (byte)'f';
                output.Advance(1);
                break;
            default:
                WriteText(batch.TextOf(sample), output);
                break;
        }
    }

    private static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        Span<byte> target = output.GetSpan((text.Length * 2) + 2);
        int length = 0;
        target[length++] = (byte)'"';
        foreach (byte b in text)
        {
            if (b is (byte)'"' or (byte)'\\')
            {
                target[length++] = (byte)'\\';
            }

            target[length++] = b;
        }

        target[length++] = (byte)'"';
        output.Advance(length);
    }

    /// <summary>The escaped key with its equals sign; empty when it must not be sent.</summary>
    private byte[] KeyOf(int fieldId)
    {
        if (fieldId >= _fieldKeys.Length)
        {
            Array.Resize(ref _fieldKeys, Math.Max(fieldId + 1, _fieldKeys.Length * 2));
        }

        return _fieldKeys[fieldId] ??= Escape(_catalogue.FieldAt(fieldId).KeyBytes.Span);
    }

    private static byte[] Escape(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || key.Contains((byte)'\\'))
        {
            return [];
        }

        var escaped = new ArrayBufferWriter<byte>(key.Length + 8);
        foreach (byte b in key)
        {
            // A control character would end the line; it becomes a space, as it does in the names of series.
            byte plain = char.IsControl((char)b) && char.IsAscii((char)b) ? (byte)' ' : b;
            if (EscapedInNames.Contains(plain))
            {
                WriteByte(escaped, (byte)'\\');
            }

            WriteByte(escaped, plain);
        }

        WriteByte(escaped, (byte)'=');
        return escaped.WrittenSpan.ToArray();
    }

    private static void WriteByte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
