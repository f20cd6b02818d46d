using Telemetry.Testing;

namespace Telemetry.FirmwareSim.Tests.Truth;

public sealed class FailureModesDocumentTests
{
    [Fact]
    public void The_readme_has_the_modes_as_the_code_has_them()
    {
        string[] documented = [.. DocumentRow.ReadAll("firmware-sim/README.md")
            .Where(row => row.Section == "Failure modes" && row.Columns.Count == 6)
            .Select(row => $"| {string.Join(" | ", row.Columns)} |")];

        Assert.Equal(FailureModes.All.Select(RowOf), documented);
    }

    private static string RowOf(FailureMode mode) =>
        $"| {mode.Id} | {mode.Name} | {Word(mode.Class)} | {Word(mode.Scale)} | "
        + $"{EffectWords.Of(mode.Weather)} | {EffectWords.Of(mode)} |";

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
