using System.Globalization;
using System.Text;

namespace Telemetry.Benchmarks.Inputs;

/// <summary>Data messages of an edge node without aliases: the payload, and the same as JSON.</summary>
internal sealed class SparkplugMessages
{
    /// <summary>Metrics in one message.</summary>
    public const int MetricsPerMessage = 20;

    private readonly SensorText _text = new();

    /// <summary>The next message.</summary>
    public (byte[] Payload, byte[] Json) Next()
    {
        long time = _text.Time() / 1_000_000;
        var json = new StringBuilder($"{{\"timestamp\":{time},\"metrics\":[");
        List<byte> payload = [];
        AddNumber(payload, field: 1, (ulong)time);
        for (int i = 0; i < MetricsPerMessage; i++)
        {
            string name = $"Crusher/Inputs/AI{i:D2}";
            string value = _text.Value();
            json.Append(i > 0 ? "," : "").Append(
                CultureInfo.InvariantCulture,
                $"{{\"name\":\"{name}\",\"timestamp\":{time},\"dataType\":\"Double\",\"value\":{value}}}");
            List<byte> metric = [];
            AddContent(metric, field: 1, Encoding.ASCII.GetBytes(name));
            AddNumber(metric, field: 3, (ulong)time);
            AddNumber(metric, field: 4, 10); // Double
            metric.Add((13 << 3) | 1); // double_value, eight bytes
            metric.AddRange(BitConverter.GetBytes(double.Parse(value, CultureInfo.InvariantCulture)));
            AddContent(payload, field: 2, [.. metric]);
        }

        AddNumber(payload, field: 3, (ulong)_text.Below(256));
        return ([.. payload], Encoding.UTF8.GetBytes(json.Append("]}").ToString()));
    }

    private static void AddNumber(List<byte> message, int field, ulong value)
    {
        message.Add((byte)(field << 3));
        AddVarint(message, value);
    }

    private static void AddContent(List<byte> message, int field, byte[] content)
    {
        message.Add((byte)((field << 3) | 2));
        AddVarint(message, (ulong)content.Length);
        message.AddRange(content);
    }

    private static void AddVarint(List<byte> message, ulong value)
    {
        while (value > 0x7F)
        {
            message.Add((byte)(value | 0x80));
            value >>= 7;
        }

        message.Add((byte)value);
    }
}
