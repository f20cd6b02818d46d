using System.Text;

namespace Telemetry.Payloads.Tests.Sparkplug;

/// <summary>Writes protobuf field by field, as its encoding says.</summary>
internal sealed class SparkplugMaker
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public SparkplugMaker Varint(int field, ulong value)
    {
        Number((ulong)(field << 3));
        Number(value);
        return this;
    }

    public SparkplugMaker Text(int field, string text) => Content(field, Encoding.UTF8.GetBytes(text));

    public SparkplugMaker Content(int field, byte[] content)
    {
        Number((ulong)((field << 3) | 2));
        Number((ulong)content.Length);
        _bytes.AddRange(content);
        return this;
    }

    public SparkplugMaker Single(int field, float value)
    {
        Number((ulong)((field << 3) | 5));
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public SparkplugMaker Double(int field, double value)
    {
        Number((ulong)((field << 3) | 1));
        _bytes.AddRange(BitConverter.GetBytes(value));
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
