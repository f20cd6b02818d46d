namespace Telemetry.Ingestion.Tests;

public sealed class SignalSuggestionTests
{
    [Theory]
    [InlineData("c,asset=cr-201", "Motor_Current", "CR-201.motor_current")]
    [InlineData("c,asset=CR201", "motorCurrent", "CR-201.motor_current")]
    [InlineData("c,asset=СR-201", "motor_current", "CR-201.motor_current")] // the first letter is Cyrillic
    [InlineData("c,asset=CR-201", "motor_curent", "CR-201.motor_current")]
    [InlineData("c,asset=CR-2O1", "bearing_tmp", "CR-201.bearing_temp")]
    [InlineData("plc", "CR-202/motor_current", "CR-202.motor_current")]
    [InlineData("plc", "CR-202.motor_curr", "CR-202.motor_current")]
    [InlineData("plc", "motor_current", null)] // of which of both?
    [InlineData("c,asset=CR-201", "wind_direction", null)]
    [InlineData("c,asset=pump", "motor_current", null)]
    public void The_signal_that_was_probably_meant_is_found(string series, string field, string? signal)
    {
        var suggestion = new SignalSuggestion(SmallMine.With());
        Assert.Equal(signal, suggestion.For(new UnboundName("r", series, field)));
    }

    [Fact]
    public void Long_names_are_left_alone()
    {
        var suggestion = new SignalSuggestion(SmallMine.With());
        Assert.Null(suggestion.For(new UnboundName("r", "c,asset=CR-201", new string('x', 10_000))));
    }
}
