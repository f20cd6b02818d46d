using System.Globalization;
using System.Text;
using Telemetry.Testing;

namespace Telemetry.Payloads.Tests.Sparkplug;

public sealed class SparkplugMessageTests
{
    [Fact]
    public void A_birth_tells_its_header_and_its_metrics_by_name_alias_and_type()
    {
        byte[] payload = new SparkplugMaker()
            .Varint(1, 1_000)
            .Content(2, new SparkplugMaker().Text(1, "bdSeq").Varint(4, 8).Varint(11, 5).Bytes)
            .Content(2, new SparkplugMaker().Text(1, "Inputs/A").Varint(2, 7).Varint(4, 3).Varint(10, 1).Bytes)
            .Content(2, new SparkplugMaker().Text(1, "plain").Varint(4, 300).Bytes)
            .Content(2, new SparkplugMaker().Varint(2, 9).Bytes)
            .Varint(3, 255)
            .Bytes;
        var metrics = new Seen([]);
        Assert.True(SparkplugMessage.TryReadMetrics(payload, ref metrics, out SparkplugHeader header));
        Assert.Equal(new SparkplugHeader(255, 5, 1_000), header);
        Assert.Equal(["Inputs/A 7 Int32", "plain  255"], metrics.Lines);
    }

    [Fact]
    public void A_number_beyond_255_is_none()
    {
        byte[] payload = new SparkplugMaker().Varint(3, 256).Bytes;
        Assert.True(SparkplugMessage.TryReadHeader(payload, out SparkplugHeader header));
        Assert.Equal(-1, header.Sequence);
    }

    [Fact]
    public void What_is_cut_or_damaged_is_refused_or_read_and_never_throws()
    {
        byte[] metric = new SparkplugMaker().Text(1, "Inputs/A").Varint(2, 7).Varint(4, 3).Varint(10, 1).Bytes;
        byte[] payload = new SparkplugMaker().Varint(1, 1_000).Content(2, metric).Varint(3, 9).Bytes;
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = payload[..random.Next(payload.Length + 1)];
            if (damaged.Length > 0)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            var metrics = new Seen([]);
            SparkplugMessage.TryReadMetrics(damaged, ref metrics, out SparkplugHeader header);
            Assert.InRange(header.Sequence, -1, 255);
        }
    }

    [Fact]
    public void Reading_a_header_allocates_nothing()
    {
        byte[] payload = new SparkplugMaker().Varint(1, 1_000).Varint(3, 9).Bytes;
        Assert.Equal(0, Allocation.Measure(() => SparkplugMessage.TryReadHeader(payload, out _)));
    }

    private readonly struct Seen(List<string> lines) : ISparkplugMetrics
    {
        public List<string> Lines => lines;

        public void OnMetric(ReadOnlySpan<byte> name, ulong? alias, SparkplugType type) => lines.Add(string.Create(
            CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(name)} {alias} {type}"));
    }
}
