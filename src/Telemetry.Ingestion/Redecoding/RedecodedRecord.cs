using System.Buffers;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Points of a message that was decoded anew, as the body of a record of <see cref="RecordKind.Redecoded"/>: what is to
/// be stored, and not the message, so that a replay stores the same whatever site is in force by then. Layout in
/// docs/formats/message-record.md.
/// </summary>
internal static class RedecodedRecord
{
    /// <summary>A record is not added to beyond this; a message with more points becomes several.</summary>
    public const int BytesWanted = 1024 * 1024;

    /// <summary>Begins a body.</summary>
    /// <param name="body">Takes it.</param>
    /// <param name="arrivalTime">When the message arrived, nanoseconds since 1970.</param>
    /// <param name="gateway">Key of the gateway that sent it.</param>
    public static void Begin(IBufferWriter<byte> body, long arrivalTime, string gateway)
    {
        var writer = new StateWriter(body);
        writer.Int64(arrivalTime);
        writer.Text(gateway);
    }

    /// <summary>Adds a point's head; its samples follow.</summary>
    public static void AddPoint(IBufferWriter<byte> body, Series series, in PointEntry point, int sampleCount)
    {
        var writer = new StateWriter(body);
        writer.Block(series.Key.Span);
        writer.Int64(point.Time);
        writer.Int64(point.Correction.Nanoseconds);
        writer.Int64(point.Correction.Uncertainty);
        writer.UInt16((ushort)sampleCount);
    }

    /// <summary>Adds a sample to the last point.</summary>
    /// <param name="body">Takes it.</param>
    /// <param name="field">Whose it is.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="text">The value of a string.</param>
    /// <param name="source">Where it came from; null when that is not known.</param>
    public static void AddSample(
        IBufferWriter<byte> body, Field field, in SampleEntry sample, ReadOnlySpan<byte> text, SampleSource? source)
    {
        var writer = new StateWriter(body);
        writer.Text(field.Name);
        writer.Byte((byte)sample.Type);
        writer.Byte(sample.Quality);
        writer.Flag(source is not null);
        if (source is not null)
        {
            writer.Text(source.Series);
            writer.Text(source.Field);
            writer.Text(source.Unit);
            writer.Double(source.Scale);
            writer.Double(source.Offset);
        }

        if (sample.Type == FieldType.String)
        {
            writer.Block(text);
        }
        else
        {
            writer.Int64(sample.Bits);
        }
    }

    /// <summary>A whole record of the spool.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> body, byte lane, long now)
    {
        var record = new byte[SpoolRecord.Measure(body.Length)];
        body.CopyTo(record.AsSpan(SpoolRecord.HeaderBytes));
        SpoolRecord.Seal(record, (byte)RecordKind.Redecoded, lane, now);
        return record;
    }

    /// <summary>
    /// Adds the points to a batch, under the arrival time of their message. They are late, whatever their times: no
    /// news (law L8). A name that the catalogue refuses is counted as refused.
    /// </summary>
    /// <exception cref="InvalidDataException">BUG: a record of ours that we cannot read.</exception>
    public static void AddTo(
        PointBatch batch, in RecordView record, SeriesCatalogue catalogue, GatewayRegistry gateways)
    {
        var reader = new StateReader(record.Body);
        long arrivalTime = reader.Int64();
        ReadOnlySpan<byte> gateway = reader.Block();
        ref RecordEntry entry = ref batch.AddRecord(record.Offset, arrivalTime, record.Lane);
        entry.Fate = RecordFate.Decoded;
        entry.IsRedecoded = true;
        entry.Gateway = gateways.Of(gateway).Number;
        while (reader.RestBytes > 0)
        {
            entry.RefusedCount += ReadPoint(ref reader, batch, catalogue);
        }

        if (reader.IsFailed)
        {
            throw new InvalidDataException(
                $"BUG: cannot read redecoded record at offset {record.Offset}: {record.Body.Length} bytes, not whole");
        }
    }

    /// <returns>1 for a point of which a sample was refused.</returns>
    private static int ReadPoint(ref StateReader reader, PointBatch batch, SeriesCatalogue catalogue)
    {
        ReadOnlySpan<byte> key = reader.Block();
        long time = reader.Int64();
        var correction = new TimeCorrection(reader.Int64(), reader.Int64());
        int count = reader.UInt16();
        bool isOpen = false;
        int refused = 0;
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            string name = Encoding.UTF8.GetString(reader.Block());
            var type = (FieldType)reader.Byte();
            byte quality = reader.Byte();
            SampleSource? source = reader.Flag() ? ReadSource(ref reader) : null;
            long bits = type == FieldType.String
                ? batch.AddText(reader.Block(), isEscaped: false)
                : reader.Int64();
            if (reader.IsFailed || catalogue.TryIntern(key, name, type, out Field? field) != InternOutcome.Interned)
            {
                refused = 1;
                continue;
            }

            if (!isOpen)
            {
                batch.AddPoint(field!.Series.Id, time, PointFlags.Late, correction);
                isOpen = true;
            }

            batch.AddSample(
                field!.Id, type, quality, bits, source is null ? 0 : catalogue.Sources.NumberOf(source));
        }

        return refused;
    }

    private static SampleSource ReadSource(ref StateReader reader) => new(
        Encoding.UTF8.GetString(reader.Block()),
        Encoding.UTF8.GetString(reader.Block()),
        Encoding.UTF8.GetString(reader.Block()),
        reader.Double(),
        reader.Double());
}
