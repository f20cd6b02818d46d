using System.Text;

namespace Telemetry.Model.Tests.Points;

public sealed class SeriesKeyTests
{
    private const int GeneratedCount = 20_000;
    private const int Seed = 5;

    [Theory]
    [InlineData("m", "m", "")]
    [InlineData("m,a=b", "m", "a~b")]
    [InlineData("m,b=2,a=1", "m", "b~2|a~1")]
    [InlineData(@"a\,b\ c,d\=e=f\ g\,h", "a,b c", "d=e~f g,h")]
    [InlineData(@"a\=b,t=v", @"a\=b", "t~v")] // in a measurement an equals sign needs no escape and has none
    [InlineData(@"m,p=C:\dir\x", "m", @"p~C:\dir\x")]
    [InlineData(@"m,p=x\\,q=1,r=2", "m", @"p~x\,q=1|r~2")] // the second backslash escapes the comma
    [InlineData(@"m,p=\\\ e", "m", @"p~\\ e")]
    public void A_key_is_read_as_InfluxDB_reads_it(string key, string expectedMeasurement, string expectedTags)
    {
        IReadOnlyList<Tag> tags = SeriesKey.Parse(Encoding.UTF8.GetBytes(key), out string measurement);
        Assert.Equal(expectedMeasurement, measurement);
        Assert.Equal(expectedTags, string.Join('|', tags.Select(t => $"{t.Key}~{t.Value}")));
    }

    [Fact]
    public void A_rendered_key_sorts_tags_by_their_bytes_and_drops_empty_and_earlier_ones()
    {
        Check([new("b", "1"), new("a", "2"), new("b", "3"), new("c", "")], "m,a=2,b=3");
        Check([new("\U0001F600", "1"), new("\uFFFD", "2")], "m,\uFFFD=2,\U0001F600=1");

        static void Check(Tag[] tags, string expected) =>
            Assert.Equal(expected, Encoding.UTF8.GetString(SeriesKey.Render("m", tags)));
    }

    [Theory]
    [InlineData("a\nb", "m,t=a\\ b")]
    [InlineData(@"C:\", "m,t=C:")]
    [InlineData(@"\\", "m")]
    public void What_line_protocol_cannot_write_is_made_writable(string value, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(SeriesKey.Render("m", [new Tag("t", value)])));

    [Fact]
    public void What_is_rendered_reads_back_and_renders_the_same()
    {
        var random = new Random(Seed);
        for (int i = 0; i < GeneratedCount; i++)
        {
            string measurement = Name(random);
            int tagCount = random.Next(4);
            Tag[] tags = [.. Enumerable.Range(0, tagCount).Select(n => new Tag($"{n}{Name(random)}", Name(random)))];
            byte[] key = SeriesKey.Render(measurement, tags);
            IReadOnlyList<Tag> read = SeriesKey.Parse(key, out string readMeasurement);
            Assert.Equal(measurement, readMeasurement);
            Assert.Equal(tags, read);
            Assert.Equal(key, SeriesKey.Render(readMeasurement, read));
        }
    }

    /// <summary>Names of the characters that escapes are about, ending in a plain one.</summary>
    private static string Name(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => @"\,= aü"[random.Next(6)])) + "x";
}
