using System.Buffers;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>Makes records of the spool of the samples that are to be written.</summary>
/// <param name="catalogue">Names of series, fields and sources.</param>
/// <param name="gateways">Names of gateways.</param>
internal sealed class RedecodedRecords(SeriesCatalogue catalogue, GatewayRegistry gateways)
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>The records, one for each message unless it has too many points.</summary>
    /// <param name="batch">Decoded messages.</param>
    /// <param name="isWritten">Which samples are to be written.</param>
    /// <param name="now">Arrival time of the records.</param>
    public List<byte[]> Of(PointBatch batch, bool[] isWritten, long now)
    {
        var records = new List<byte[]>();
        int open = -1;
        byte lane = 0;
        foreach (ref readonly PointEntry point in batch.Points)
        {
            int count = isWritten.AsSpan(point.FirstSample, point.SampleCount).Count(true);
            if (count == 0)
            {
                continue;
            }

            if (point.Record != open || _body.WrittenCount >= RedecodedRecord.BytesWanted)
            {
                Close(records, lane, now);
                open = point.Record;
                RecordEntry record = batch.Records[open];
                lane = record.Lane == Lanes.All ? (byte)0 : record.Lane;
                RedecodedRecord.Begin(_body, record.ArrivalTime, gateways.KeyAt(record.Gateway));
            }

            Add(batch, point, count, isWritten);
        }

        Close(records, lane, now);
        return records;
    }

    private void Add(PointBatch batch, in PointEntry point, int count, bool[] isWritten)
    {
        RedecodedRecord.AddPoint(_body, catalogue.SeriesAt(point.SeriesId), point, count);
        for (int i = point.FirstSample; i < point.FirstSample + point.SampleCount; i++)
        {
            if (isWritten[i])
            {
                ref readonly SampleEntry sample = ref batch.Samples[i];
                RedecodedRecord.AddSample(
                    _body,
                    catalogue.FieldAt(sample.FieldId),
                    sample,
                    sample.Type == FieldType.String ? batch.TextOf(sample) : default,
                    catalogue.Sources.At(sample.Source));
            }
        }
    }

    private void Close(List<byte[]> records, byte lane, long now)
    {
        if (_body.WrittenCount > 0)
        {
            records.Add(RedecodedRecord.Seal(_body.WrittenSpan, lane, now));
            _body.ResetWrittenCount();
        }
    }
}
