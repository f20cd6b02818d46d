using System.Buffers;
using System.Buffers.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Influx;

/// <summary>
/// Batches → line protocol. Names are escaped once and remembered. What the firewall does not let through is left out,
/// told to it and counted. One writer belongs to one thread.
/// </summary>
public sealed class LineProtocolWriter
{
    private const int NumberBytesMax = 32; // "-1.7976931348623157E+308" and 20-digit integers with their suffix
    private static readonly SearchValues<byte> EscapedInNames = SearchValues.Create(",= "u8);
    private readonly SeriesCatalogue _catalogue;
    private readonly WriteFirewall _firewall;
    private readonly long _unit; // nanoseconds
    private FieldJudgement?[] _fields = [];
    private SeriesJudgement?[] _series = [];
    private int _version;

    /// <param name="catalogue">Names of series and fields.</param>
    /// <param name="firewall">What is not sent; null for the rules of InfluxDB 2.x and nobody who is told.</param>
    /// <param name="precision">How fine times are written.</param>
    public LineProtocolWriter(
        SeriesCatalogue catalogue, WriteFirewall? firewall = null, InfluxPrecision precision = InfluxPrecision.Ns)
    {
        _catalogue = catalogue;
        _firewall = firewall
            ?? new WriteFirewall(InfluxApi.V2, new ServerFieldTypes(), new ServerRetention(TimeProvider.System));
        _unit = NanosecondsOf(precision);
    }

    /// <summary>Points left out because a server would lose or refuse them, or end on them.</summary>
    public long LeftOutCount { get; private set; }

    /// <summary>Points left out because nobody measured them.</summary>
    public long StaleCount { get; private set; }

    /// <summary>Texts left out of points that were written, for a server that has none.</summary>
    public long TextsLeftOutCount { get; private set; }

    /// <summary>Nanoseconds of one step of a precision.</summary>
    public static long NanosecondsOf(InfluxPrecision precision) => precision switch
    {
        InfluxPrecision.Us => Timestamp.NanosecondsPer(TimePrecision.Microseconds),
        InfluxPrecision.Ms => Timestamp.NanosecondsPerMillisecond,
        InfluxPrecision.S => Timestamp.NanosecondsPerSecond,
        _ => 1,
    };

    /// <summary>Appends every point of the batch as a line.</summary>
    /// <returns>How many lines were written.</returns>
    public int Write(PointBatch batch, IBufferWriter<byte> output)
    {
        int lines = 0;
        long oldest = _firewall.Oldest;
        int version = _firewall.Version;
        if (version != _version)
        {
            Array.Clear(_fields); // the server has been found to have other types
            _version = version;
        }

        foreach (ref readonly PointEntry point in batch.Points)
        {
            if ((point.Flags & PointFlags.Stale) != 0)
            {
                StaleCount++; // nobody measured it, and InfluxDB has no quality to say so
            }
            else if (WithheldFor(batch, point, oldest) is { } fault)
            {
                LeftOutCount++;
                _firewall.Tell(_catalogue.SeriesAt(point.SeriesId), point.Time, fault.Reason, fault.Words);
            }
            else
            {
                WritePoint(batch, point, output);
                lines++;
            }
        }

        return lines;
    }

    private (SetApartReason Reason, string Words)? WithheldFor(PointBatch batch, in PointEntry point, long oldest)
    {
        if (WriteFirewall.FaultOf(point.Time, oldest) is { } time)
        {
            return time;
        }

        if (JudgementOf(point.SeriesId).Fault is { } series)
        {
            return (SetApartReason.Name, series);
        }

        bool isEmpty = true;
        foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
        {
            if (FieldOf(sample.FieldId).Fault is { } field)
            {
                return field;
            }

            if (_firewall.FaultOf(batch, sample) is { } value)
            {
                return (SetApartReason.Value, value);
            }

            isEmpty &= sample.Type == FieldType.String && !_firewall.TakesTexts;
        }

        return isEmpty ? (SetApartReason.Value, "it has texts only, and the server would store 0 for them") : null;
    }

    private SeriesJudgement JudgementOf(int seriesId)
    {
        if (seriesId >= _series.Length)
        {
            Array.Resize(ref _series, Math.Max(seriesId + 1, _series.Length * 2));
        }

        return _series[seriesId] ??= new SeriesJudgement(_firewall.FaultOf(_catalogue.SeriesAt(seriesId)));
    }

    private void WritePoint(PointBatch batch, in PointEntry point, IBufferWriter<byte> output)
    {
        output.Write(_catalogue.SeriesAt(point.SeriesId).Key.Span);
        byte separator = (byte)' ';
        foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
        {
            if (sample.Type == FieldType.String && !_firewall.TakesTexts)
            {
                TextsLeftOutCount++;
                continue;
            }

            WriteByte(output, separator);
            output.Write(FieldOf(sample.FieldId).Key);
            WriteValue(batch, sample, output);
            separator = (byte)',';
        }

        Span<byte> time = output.GetSpan(NumberBytesMax);
        time[0] = (byte)' ';
        Utf8Formatter.TryFormat(StepsOf(point.Time), time[1..], out int bytes);
        time[1 + bytes] = (byte)'\n';
        output.Advance(bytes + 2);
    }

    /// <summary>The time in steps of the precision; what is finer is cut off, before 1970 too.</summary>
    private long StepsOf(long time) =>
        _unit == 1 ? time
        : time >= 0 ? time / _unit
        : ((time + 1) / _unit) - 1;

    private void WriteValue(PointBatch batch, in SampleEntry sample, IBufferWriter<byte> output)
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
                target[bytes] = _firewall.WritesUnsignedAsInteger ? (byte)'i' : (byte)'u';
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

    private FieldJudgement FieldOf(int fieldId)
    {
        if (fieldId >= _fields.Length)
        {
            Array.Resize(ref _fields, Math.Max(fieldId + 1, _fields.Length * 2));
        }

        return _fields[fieldId] ??= JudgementOf(_catalogue.FieldAt(fieldId));
    }

    private FieldJudgement JudgementOf(Field field) => new(Escape(field.KeyBytes.Span), _firewall.FaultOf(field));

    private static byte[] Escape(ReadOnlySpan<byte> key)
    {
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

    private sealed record SeriesJudgement(string? Fault);

    /// <summary>A field's escaped key with its equals sign, and why it cannot be sent.</summary>
    private sealed record FieldJudgement(byte[] Key, (SetApartReason Reason, string Words)? Fault);
}
