using System.Text;
using Telemetry.Payloads;

namespace Telemetry.Ingestion.Tests;

/// <summary>A payload of Sparkplug B, written field by field.</summary>
internal sealed class EdgePayload
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    /// <summary>A payload with its time, in milliseconds, and its number; −1: none.</summary>
    public static EdgePayload At(long time, int sequence)
    {
        var payload = new EdgePayload();
        payload.Varint(1, (ulong)time);
        return sequence < 0 ? payload : payload.Varint(3, (ulong)sequence);
    }

    /// <summary>A metric of a birth: an Int64.</summary>
    public EdgePayload Born(string name, ulong? alias, long value, bool isBirthDeathSequence = false)
    {
        var metric = new EdgePayload().Text(1, name);
        metric = alias is { } number ? metric.Varint(2, number) : metric;
        SparkplugType type = isBirthDeathSequence ? SparkplugType.UInt64 : SparkplugType.Int64;
        return Content(2, metric.Varint(4, (ulong)type).Varint(11, (ulong)value).Bytes);
    }

    /// <summary>A metric of data, by its alias alone.</summary>
    public EdgePayload Aliased(ulong alias, long value, long? time = null, bool isHistorical = false)
    {
        var metric = new EdgePayload().Varint(2, alias);
        metric = time is { } milliseconds ? metric.Varint(3, (ulong)milliseconds) : metric;
        metric = isHistorical ? metric.Varint(5, 1) : metric;
        return Content(2, metric.Varint(11, (ulong)value).Bytes);
    }

    private EdgePayload Text(int field, string text) => Content(field, Encoding.UTF8.GetBytes(text));

    private EdgePayload Varint(int field, ulong value)
    {
        Number((ulong)(field << 3));
        Number(value);
        return this;
    }

    private EdgePayload Content(int field, byte[] content)
    {
        Number((ulong)((field << 3) | 2));
        Number((ulong)content.Length);
        _bytes.AddRange(content);
        return this;
    }

    private void Number(ulong value)
    {
        while (value > 0x7F)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }
}
