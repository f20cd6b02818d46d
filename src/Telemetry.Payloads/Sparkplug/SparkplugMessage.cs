namespace Telemetry.Payloads;

/// <summary>
/// What a host reads of a payload besides its values: the header of any, and the metrics that a birth defines.
/// </summary>
public static class SparkplugMessage
{
    private const uint TimestampField = 1; // field numbers of Payload, Sparkplug 3.0 §6.4
    private const uint MetricsField = 2;
    private const uint SequenceField = 3;
    private const ulong SequenceMax = byte.MaxValue;

    /// <summary>Reads the header alone; metrics are passed over, and so there is no bdSeq in it.</summary>
    /// <returns>False for what is no protobuf.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> payload, out SparkplugHeader header)
    {
        var none = default(NoMetrics);
        return TryRead(payload, ref none, readsMetrics: false, out header);
    }

    /// <summary>Reads the header, and tells of every metric that has a name.</summary>
    /// <returns>
    /// False for what is no protobuf; metrics that stood before the place have been told of by then.
    /// </returns>
    public static bool TryReadMetrics<TMetrics>(
        ReadOnlySpan<byte> payload, ref TMetrics metrics, out SparkplugHeader header)
        where TMetrics : ISparkplugMetrics, allows ref struct =>
        TryRead(payload, ref metrics, readsMetrics: true, out header);

    /// <summary>Session control and definitions: they say how to speak with the node, and measure nothing.</summary>
    public static bool IsControl(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("bdSeq"u8)
        || name.StartsWith("Node Control/"u8)
        || name.StartsWith("Device Control/"u8)
        || name.StartsWith("_types_/"u8);

    private static bool TryRead<TMetrics>(
        ReadOnlySpan<byte> payload, ref TMetrics metrics, bool readsMetrics, out SparkplugHeader header)
        where TMetrics : ISparkplugMetrics, allows ref struct
    {
        header = new SparkplugHeader(-1, -1, null);
        var reader = new ProtobufReader(payload, 0, payload.Length);
        while (reader.TryRead(out ProtobufField field))
        {
            if (!SparkplugReader.HasItsWire(field))
            {
                return false;
            }

            if (field.Number == TimestampField)
            {
                header = header with { TimeMilliseconds = header.TimeMilliseconds ?? field.Bits };
            }
            else if (field.Number == SequenceField)
            {
                header = header with { Sequence = field.Bits <= SequenceMax ? (int)field.Bits : -1 };
            }
            else if (readsMetrics && field.Number == MetricsField
                && SparkplugMetric.TryRead(payload, field, out SparkplugMetric metric, ref reader))
            {
                Tell(payload, metric, ref metrics, ref header);
            }
        }

        return !reader.HasFailed;
    }

    private static void Tell<TMetrics>(
        ReadOnlySpan<byte> payload, in SparkplugMetric metric, ref TMetrics metrics, ref SparkplugHeader header)
        where TMetrics : ISparkplugMetrics, allows ref struct
    {
        ReadOnlySpan<byte> name = payload.Slice(metric.NameStart, metric.NameBytes);
        if (name.SequenceEqual("bdSeq"u8) && metric.Member is SparkplugMember.Int or SparkplugMember.Long)
        {
            header = header with { BirthDeathSequence = (long)(metric.Bits & long.MaxValue) };
        }
        else if (!name.IsEmpty)
        {
            var type = (SparkplugType)Math.Min(metric.Datatype, byte.MaxValue);
            metrics.OnMetric(name, metric.HasAlias ? metric.Alias : null, type);
        }
    }

    private readonly struct NoMetrics : ISparkplugMetrics
    {
        public void OnMetric(ReadOnlySpan<byte> name, ulong? alias, SparkplugType type)
        {
        }
    }
}
