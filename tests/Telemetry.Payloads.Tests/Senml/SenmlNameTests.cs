using System.Text;

namespace Telemetry.Payloads.Tests.Senml;

public sealed class SenmlNameTests
{
    [Theory]
    [InlineData("temp", "", "temp")]
    [InlineData("a/b", "a", "b")]
    [InlineData("a/b/c", "a/b", "c")]
    [InlineData("a/", "a", "")]
    [InlineData("a:", "a", "")]
    [InlineData("a:b", "", "a:b")]
    [InlineData("2001:db8::1/temp", "2001:db8::1", "temp")]
    [InlineData("urn:dev:mac:0024befffe804ff1", "urn:dev:mac:0024befffe804ff1", "")]
    [InlineData("urn:dev:mac:0024befffe804ff1:", "urn:dev:mac:0024befffe804ff1", "")]
    [InlineData("urn:dev:mac:0024befffe804ff1:a:b", "urn:dev:mac:0024befffe804ff1:a", "b")]
    [InlineData("urn:dev:mac:0024befffe804ff1/temp", "urn:dev:mac:0024befffe804ff1", "temp")]
    public void A_name_is_cut_at_its_last_separator(string name, string device, string field)
    {
        SenmlName.Cut(Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> tail);
        Assert.Equal((device, field), (Encoding.ASCII.GetString(head), Encoding.ASCII.GetString(tail)));
    }
}
