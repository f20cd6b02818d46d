using System.Text;

namespace Telemetry.Alarms.Tests;

public sealed class AlarmTransitionsTests
{
    private const AlarmEffects HushAndClear = AlarmEffects.Hush | AlarmEffects.Clear;
    private const AlarmEffects ReturnedAndClear = AlarmEffects.Returned | AlarmEffects.Clear;

    [Theory]
    [InlineData("Normal", "ConditionBegan", "Unacknowledged", "Moves", AlarmEffects.Annunciate)]
    [InlineData("Normal", "ConditionEnded", "Normal", "Stays", AlarmEffects.None)]
    [InlineData("Normal", "Acknowledge", "Normal", "Refused", AlarmEffects.None)]
    [InlineData("Normal", "Withdraw", "Normal", "Stays", AlarmEffects.None)]
    [InlineData("Unacknowledged", "ConditionBegan", "Unacknowledged", "Stays", AlarmEffects.None)]
    [InlineData("Unacknowledged", "ConditionEnded", "ReturnedUnacknowledged", "Moves", AlarmEffects.Returned)]
    [InlineData("Unacknowledged", "Acknowledge", "Acknowledged", "Moves", AlarmEffects.Hush)]
    [InlineData("Unacknowledged", "Withdraw", "Normal", "Moves", HushAndClear)]
    [InlineData("Acknowledged", "ConditionBegan", "Acknowledged", "Stays", AlarmEffects.None)]
    [InlineData("Acknowledged", "ConditionEnded", "Normal", "Moves", ReturnedAndClear)]
    [InlineData("Acknowledged", "Acknowledge", "Acknowledged", "Refused", AlarmEffects.None)]
    [InlineData("Acknowledged", "Withdraw", "Normal", "Moves", AlarmEffects.Clear)]
    [InlineData("ReturnedUnacknowledged", "ConditionBegan", "Unacknowledged", "Moves", AlarmEffects.Annunciate)]
    [InlineData("ReturnedUnacknowledged", "ConditionEnded", "ReturnedUnacknowledged", "Stays", AlarmEffects.None)]
    [InlineData("ReturnedUnacknowledged", "Acknowledge", "Normal", "Moves", HushAndClear)]
    [InlineData("ReturnedUnacknowledged", "Withdraw", "Normal", "Moves", HushAndClear)]
    public void Every_state_answers_every_trigger(
        string from, string trigger, string to, string answer, AlarmEffects effects)
    {
        AlarmTransition transition =
            AlarmTransitions.Of(Enum.Parse<AlarmState>(from), Enum.Parse<AlarmTrigger>(trigger));
        Assert.Equal(
            (from, trigger, to, answer, effects),
            (transition.From.ToString(),
                transition.Trigger.ToString(),
                transition.To.ToString(),
                transition.Answer.ToString(),
                transition.Effects));
    }

    [Fact]
    public void The_table_has_every_pair_once_and_in_order() =>
        Assert.Equal(
            from state in Enum.GetValues<AlarmState>()
            from trigger in Enum.GetValues<AlarmTrigger>()
            select (state, trigger),
            AlarmTransitions.All.Select(transition => (transition.From, transition.Trigger)));

    [Fact]
    public void The_documented_table_is_the_one_in_use()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "alarms.md"));
        Assert.Contains(Render(), page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static string Render()
    {
        var text = new StringBuilder("| state | trigger | becomes | effects |\n|---|---|---|---|\n");
        foreach (AlarmTransition transition in AlarmTransitions.All)
        {
            string becomes = transition.Answer switch
            {
                TransitionAnswer.Moves => transition.To.ToString(),
                TransitionAnswer.Stays => "–",
                _ => "refused",
            };
            string effects = transition.Effects == AlarmEffects.None ? "" : $"{transition.Effects} ";
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| {transition.From} | {transition.Trigger} | {becomes} | {effects}|\n");
        }

        return text.ToString();
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Telemetry.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("no Telemetry.sln above the tests");
    }
}
