using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Which gateway sent each field last, since the service started. Written by one thread, at the tail; read by any.
/// </summary>
public sealed class FieldSenders
{
    private int[] _gateways = new int[1024]; // by field: the gateway's number, 0 for none

    /// <summary>The fields whose last sample is of that gateway, by their identities.</summary>
    internal IEnumerable<int> FieldsOf(int gateway)
    {
        int[] gateways = Volatile.Read(ref _gateways);
        for (int field = 0; gateway > 0 && field < gateways.Length; field++)
        {
            if (gateways[field] == gateway)
            {
                yield return field;
            }
        }
    }

    /// <summary>The number of the gateway that sent a field last; 0 when that is not known.</summary>
    internal int GatewayOf(int field)
    {
        int[] gateways = Volatile.Read(ref _gateways);
        return field < gateways.Length ? gateways[field] : 0;
    }

    internal void Note(PointBatch batch)
    {
        ReadOnlySpan<RecordEntry> records = batch.Records;
        foreach (ref readonly PointEntry point in batch.Points)
        {
            int gateway = records[point.Record].Gateway;
            foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
            {
                if (sample.FieldId >= _gateways.Length)
                {
                    int[] longer = _gateways;
                    Array.Resize(ref longer, Math.Max(sample.FieldId + 1, longer.Length * 2));
                    Volatile.Write(ref _gateways, longer);
                }

                _gateways[sample.FieldId] = gateway;
            }
        }
    }
}
