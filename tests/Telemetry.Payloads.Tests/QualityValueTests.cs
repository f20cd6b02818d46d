using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

public sealed class QualityValueTests
{
    [Theory]
    [InlineData("Good", Quality.Good)]
    [InlineData("GOOD, local override", Quality.Good)]
    [InlineData("OK (0x0)", Quality.Good)]
    [InlineData("true", Quality.Good)]
    [InlineData("bad", Quality.Bad)]
    [InlineData("BadNoCommunication", Quality.Bad)]
    [InlineData("False", Quality.Bad)]
    [InlineData("Uncertain", Quality.Uncertain)]
    [InlineData("whatever", Quality.Uncertain)]
    [InlineData("", Quality.Uncertain)]
    [InlineData("192", 192)]
    [InlineData("216", 216)]
    [InlineData("24", 24)]
    [InlineData("1073741824", Quality.Uncertain)]
    [InlineData("2150694912", Quality.Bad)]
    [InlineData("2883584", Quality.Good)]
    [InlineData("4294967296", Quality.Uncertain)]
    [InlineData("-1", Quality.Uncertain)]
    public void Words_and_numbers_become_an_OPC_byte(string word, byte expected) =>
        Assert.Equal(expected, QualityValue.OfWord(Encoding.UTF8.GetBytes(word)));
}
