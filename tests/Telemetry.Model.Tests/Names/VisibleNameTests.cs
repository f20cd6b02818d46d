using System.Globalization;

namespace Telemetry.Model.Tests.Names;

public sealed class VisibleNameTests
{
    [Fact]
    public void The_composed_form_is_that_of_an_independent_implementation()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "vectors", "unicode", "nfc.txt");
        string[][] rows = [.. File.ReadLines(path).Where(line => line[0] != '#').Select(line => line.Split('\t'))];
        Assert.True(rows.Length > 4_000);
        Assert.All(rows, row => Assert.Equal(TextOf(row[1]), NormalForm.Compose(TextOf(row[0]))));
        Assert.All(rows, row => Assert.Equal(TextOf(row[1]), NormalForm.Compose(TextOf(row[1]))));
    }

    [Fact]
    public void A_text_that_is_composed_is_the_same_object()
    {
        foreach (string text in (string[])["bearing_temp", "Тээрмийн гейтвэй", "조 크러셔", "温度", "m\U0001F321"])
        {
            Assert.Same(text, NormalForm.Compose(text));
            Assert.Same(text, VisibleName.Of(text));
        }
    }

    [Theory]
    [InlineData("гейтвэй", "геи\u0306твэи\u0306")]
    [InlineData("조 크러셔", "\u110C\u1169 \u110F\u1173\u1105\u1165\u1109\u1167")]
    [InlineData("T1", " T1\t")]
    [InlineData("T1", "T1\u00A0")]
    [InlineData("T1", "\uFEFFT1")]
    [InlineData("T1", "T\u200B1")]
    [InlineData("T 1", "T\u202F1")]
    [InlineData("й", "и\u200D\u0306")]
    public void Two_names_that_look_the_same_are_the_same(string seen, string arrived)
    {
        Assert.Equal(seen, VisibleName.Of(arrived));
        Assert.Equal(seen, VisibleName.Of(seen));
    }

    [Fact]
    public void What_looks_different_stays_different_and_what_cannot_be_seen_stays_as_it_came()
    {
        Assert.NotEqual(VisibleName.Of("T1"), VisibleName.Of("t1"));
        Assert.NotEqual(VisibleName.Of("T1"), VisibleName.Of("Т1")); // a Cyrillic letter: a suggestion, no binding
        Assert.NotEqual(VisibleName.Of("T 1"), VisibleName.Of("T  1"));
        Assert.Equal("\u200B ", VisibleName.Of("\u200B "));
        string marks = string.Concat(Enumerable.Repeat("\u0315\u0300", Limits.VisibleNameCharactersMax));
        Assert.Same(marks, VisibleName.Of(marks));
    }

    private static string TextOf(string codes) => string.Concat(
        codes.Split(' ').Select(code => (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
}
