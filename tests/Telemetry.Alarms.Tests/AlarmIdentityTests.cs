using Telemetry.Model;

namespace Telemetry.Alarms.Tests;

public sealed class AlarmIdentityTests
{
    [Theory]
    [InlineData(ConditionKind.LowLow, "CR-201.temp0/LL", AlarmPriority.High, "Cel", "Cel")]
    [InlineData(ConditionKind.Low, "CR-201.temp0/L", AlarmPriority.Medium, "Cel", "Cel")]
    [InlineData(ConditionKind.High, "CR-201.temp0/H", AlarmPriority.Medium, "Cel", "Cel")]
    [InlineData(ConditionKind.HighHigh, "CR-201.temp0/HH", AlarmPriority.High, "Cel", "Cel")]
    [InlineData(ConditionKind.RateOfChange, "CR-201.temp0/ROC", AlarmPriority.Low, "Cel/min", "Cel/min")]
    [InlineData(ConditionKind.Flatline, "CR-201.temp0/FLATLINE", AlarmPriority.Low, "Cel", "s")]
    [InlineData(ConditionKind.Silence, "CR-201.temp0/SILENCE", AlarmPriority.Low, "s", "s")]
    [InlineData(ConditionKind.LateData, "CR-201.temp0/LATE", AlarmPriority.Low, "s", "s")]
    [InlineData(ConditionKind.Dropped, "CR-201.temp0/DROPPED", AlarmPriority.Medium, "Cel", "Cel")]
    [InlineData(ConditionKind.Anomaly, "CR-201.temp0/ANOMALY", AlarmPriority.Low, "Cel", "Cel")]
    [InlineData(ConditionKind.OutOfRange, "CR-201.temp0/RANGE", AlarmPriority.Low, "Cel", "Cel")]
    public void Every_kind_has_a_name_a_priority_and_units(
        ConditionKind kind, string id, AlarmPriority priority, string valueUnit, string limitUnit)
    {
        var definition = AlarmDefinition.For(Mine.SignalOf(0), kind);
        Assert.Equal(
            (id, priority, valueUnit, limitUnit),
            (definition.Id, definition.Priority, definition.ValueUnit, definition.LimitUnit));
    }

    [Fact]
    public void Every_kind_has_words_in_three_languages() =>
        Assert.All(Enum.GetValues<ConditionKind>(), kind =>
        {
            DisplayName words = ConditionNames.Of(kind);
            Assert.NotEmpty(words.English);
            Assert.NotEmpty(words.Mongolian);
            Assert.NotEmpty(words.Korean);
        });
}
