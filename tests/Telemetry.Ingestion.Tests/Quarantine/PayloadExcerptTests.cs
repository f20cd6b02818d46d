namespace Telemetry.Ingestion.Tests;

public sealed class PayloadExcerptTests
{
    [Theory]
    [InlineData("{\"v\": 3,, 4}", 8, "{\"v\": 3,, 4}", 8)]
    [InlineData("ab\ncd", 3, "ab·cd", 3)]
    [InlineData("хөдөлгүүр!", 18, "хөдөлгүүр!", 9)]
    [InlineData("abc", 99, "abc", 3)]
    [InlineData("", 0, "", 0)]
    public void The_caret_stands_below_the_fault(string payload, int offset, string text, int caret)
    {
        PayloadExcerpt excerpt = PayloadExcerpt.Of(SmallMine.Bytes(payload), offset);
        Assert.Equal((text, caret), (excerpt.Text, excerpt.Caret));
    }

    [Fact]
    public void A_long_payload_is_cut_on_both_sides()
    {
        string payload = new string('a', 500) + "!" + new string('b', 500);
        PayloadExcerpt excerpt = PayloadExcerpt.Of(SmallMine.Bytes(payload), 500);
        Assert.Equal((120, 60, '!'), (excerpt.Text.Length, excerpt.Caret, excerpt.Text[excerpt.Caret]));
        Assert.Equal(10, excerpt.Dump.Count);
    }

    [Fact]
    public void The_dump_marks_the_byte()
    {
        PayloadExcerpt excerpt = PayloadExcerpt.Of([0x00, 0x41, 0xFF], 2);
        Assert.Equal(
            [
                "00000000  00 41 ff                                         .A.",
                "                ^^",
            ],
            excerpt.Dump);
    }

    [Fact]
    public void No_bytes_and_no_place_make_it_throw()
    {
        var random = new Random(7);
        for (int i = 0; i < 2_000; i++)
        {
            var payload = new byte[random.Next(200)];
            random.NextBytes(payload);
            PayloadExcerpt excerpt = PayloadExcerpt.Of(payload, random.Next(-10, 300));
            Assert.InRange(excerpt.Caret, 0, excerpt.Text.Length);
        }
    }
}
