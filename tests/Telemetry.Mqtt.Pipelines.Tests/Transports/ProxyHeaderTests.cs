using System.Net;
using System.Text;

namespace Telemetry.Mqtt.Pipelines;

public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 1883\r\n", "192.0.2.1:56324")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 65535 1883\r\n", "[2001:db8::1]:65535")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null)]
    public void A_line_of_version_1_is_read(string line, string? source) =>
        Check(Encoding.ASCII.GetBytes(line), source, isLocal: false);

    [Theory]
    [InlineData("2111000CC0000201C6336401DC0407" + "5B", "192.0.2.1:56324", false)]
    [InlineData("2111000FC0000201C6336401DC04075B" + "0300" + "00", "192.0.2.1:56324", false)] // with more behind
    [InlineData(
        "2121002420010DB800000000000000000000000120010DB8000000000000000000000002DC04075B",
        "[2001:db8::1]:56324",
        false)]
    [InlineData("21000000", null, false)] // a family that names no address
    [InlineData("20000000", null, true)]  // a health check of the proxy
    [InlineData("2011000CC0000201C6336401DC04075B", null, true)]
    public void A_header_of_version_2_is_read(string hex, string? source, bool isLocal) =>
        Check(Convert.FromHexString(Signature + hex), source, isLocal);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXX")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 65536 1883\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n")]
    [InlineData("PROXY TCP4 nowhere 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY \r\n")]
    public void What_is_no_line_is_malformed(string text) => CheckMalformed(Encoding.ASCII.GetBytes(text));

    [Theory]
    [InlineData("1111000C")] // version 1 in binary
    [InlineData("2211000C")] // an unknown command
    [InlineData("2111000B" + "C0000201C6336401DC0407")] // shorter than its family
    [InlineData("21210023" + "20010DB800000000000000000000000120010DB8000000000000000000000002DC0407")]
    [InlineData("2111FFFF")] // longer than anybody's, and refused before its body
    [InlineData("211103F1")]
    public void What_is_no_binary_header_is_malformed(string hex) =>
        CheckMalformed(Convert.FromHexString(Signature + hex));

    [Fact]
    public void A_line_without_an_end_is_malformed_at_its_ceiling_and_not_before()
    {
        byte[] line = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 200));
        Assert.Equal(ReadStatus.NeedMore, ProxyHeader.TryRead(line.AsSpan(0, 106), out _, out _));
        Assert.Equal(ReadStatus.Malformed, ProxyHeader.TryRead(line.AsSpan(0, 107), out _, out _));
    }

    /// <summary>Whole and with a packet behind it; cut at every place it needs more and consumes nothing.</summary>
    private static void Check(byte[] bytes, string? source, bool isLocal)
    {
        ReadStatus status = ProxyHeader.TryRead([.. bytes, 0x10, 0x00], out ProxyHeader header, out int consumed);
        Assert.Equal((ReadStatus.Complete, bytes.Length), (status, consumed));
        Assert.Equal(isLocal, header.IsLocal);
        Assert.Equal(source is null ? null : IPEndPoint.Parse(source), header.Source);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            Assert.Equal(ReadStatus.NeedMore, ProxyHeader.TryRead(bytes.AsSpan(0, cut), out _, out consumed));
            Assert.Equal(0, consumed);
        }
    }

    private static void CheckMalformed(byte[] bytes)
    {
        Assert.Equal(ReadStatus.Malformed, ProxyHeader.TryRead(bytes, out _, out int consumed));
        Assert.Equal(0, consumed);
    }
}
