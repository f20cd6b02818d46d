using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

public sealed class QualityValueTests
{
    [Theory]
    [InlineData("Good", Quality.Good)]
    [InlineData("GOOD, local override", 216)]
    [InlineData("valid", Quality.Good)]
    [InlineData("Bad, Not Connected", 8)]
    [InlineData("Bad_ConfigurationError", 4)]
    [InlineData("bad: device failure", 12)]
    [InlineData("BadSensorFailure", 16)]
    [InlineData("Bad Last Known Value", 20)]
    [InlineData("BadCommunicationError", 24)]
    [InlineData("Bad [Out of Service]", 28)]
    [InlineData("BadWaitingForInitialData", 32)]
    [InlineData("error", Quality.Bad)]
    [InlineData("Invalid", Quality.Bad)]
    [InlineData("failed", Quality.Bad)]
    [InlineData("STALE", 68)]
    [InlineData("UncertainLastUsableValue", 68)]
    [InlineData("UncertainNoCommunicationLastUsableValue", 68)]
    [InlineData("Uncertain, Sensor Not Accurate", 80)]
    [InlineData("UncertainEngineeringUnitsExceeded", 84)]
    [InlineData("Uncertain Sub-Normal", 88)]
    [InlineData("OK (0x0)", Quality.Good)]
    [InlineData("true", Quality.Good)]
    [InlineData("bad", Quality.Bad)]
    [InlineData("BadNoCommunication", 24)]
    [InlineData("False", Quality.Bad)]
    [InlineData("Uncertain", Quality.Uncertain)]
    [InlineData("whatever", Quality.Uncertain)]
    [InlineData("", Quality.Uncertain)]
    [InlineData("192", 192)]
    [InlineData("216", 216)]
    [InlineData("24", 24)]
    [InlineData("1073741824", Quality.Uncertain)]
    [InlineData("1083179008", 68)] // 0x40900000
    [InlineData("1083375616", 80)] // 0x40930000
    [InlineData("2147483648", Quality.Bad)]
    [InlineData("2150694912", 24)] // 0x80310000
    [InlineData("2156527616", 8)] // 0x808A0000
    [InlineData("2156659712", 16)] // 0x808C0400, with a flag
    [InlineData("9830400", 216)] // 0x00960000
    [InlineData("2883584", Quality.Good)]
    [InlineData("4294967296", Quality.Uncertain)]
    [InlineData("-1", Quality.Uncertain)]
    public void Words_and_numbers_become_an_OPC_byte(string word, byte expected) =>
        Assert.Equal(expected, QualityValue.OfWord(Encoding.UTF8.GetBytes(word)));

    [Fact]
    public void Scalars_of_JSON_become_an_OPC_byte()
    {
        Assert.Equal(Quality.Good, QualityValue.Of(JsonKind.True, "true"u8));
        Assert.Equal(Quality.Bad, QualityValue.Of(JsonKind.False, "false"u8));
        Assert.Equal(Quality.Bad, QualityValue.Of(JsonKind.Null, "null"u8));
        Assert.Equal(Quality.Good, QualityValue.Of(JsonKind.None, ""u8));
        Assert.Equal(28, QualityValue.Of(JsonKind.Number, "28"u8));
        Assert.Equal(16, QualityValue.Of(JsonKind.String, "BadSensorFailure"u8));
    }

    [Theory]
    [InlineData("0", Quality.Good)]
    [InlineData("192", Quality.Good)]
    [InlineData("1083179008", 68)]
    [InlineData("2150694912", 24)]
    [InlineData("Good", Quality.Uncertain)]
    public void A_status_code_is_one_however_small(string code, byte expected) =>
        Assert.Equal(expected, QualityValue.OfStatusCode(Encoding.UTF8.GetBytes(code)));

    [Fact]
    public void Words_of_any_length_are_read_without_an_allocation()
    {
        byte[] words = Encoding.UTF8.GetBytes("Bad " + new string('x', 10_000) + " not connected");
        Assert.Equal(Quality.Bad, QualityValue.OfWord(words));
        Assert.Equal(0, Telemetry.Testing.Allocation.Measure(() => QualityValue.OfWord(words)));
    }
}
