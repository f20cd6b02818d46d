using Telemetry.FirmwareSim;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.Rehearsal.Tests;

public sealed class LabelFileTests
{
    private const string Cannot = "cannot read the label: ";

    private const string Good = """
        {"mode":"CR1-2","class":"process","target":"CR-201","signals":["CR-201.bearing_de_temp"],
        "start":"2026-01-10T00:00:00.000Z","end":"2026-01-12T00:00:00.000Z"}
        """;

    private static readonly string Line = Good.ReplaceLineEndings("");

    [Fact]
    public void What_the_simulated_mine_writes_is_read()
    {
        var start = new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);
        EpisodePlan plan = EpisodePlan.Draw(
            DefaultSite.Load(), new() { Seed = 1, Start = start, Days = 60, PerClassAndScale = 2 });
        var text = new StringWriter();
        EpisodeLines.Write(text, plan.Episodes);
        IReadOnlyList<FailureLabel> labels = LabelFile.Read(new StringReader(text.ToString()), "labels.jsonl");

        Assert.NotEmpty(labels);
        Assert.Equal(
            plan.Episodes.Select(episode => (
                episode.Mode.Id, episode.Target, string.Join(' ', episode.Signals.Select(signal => signal.Id)),
                episode.Mode.Class.ToString())),
            labels.Select(label => (
                label.Mode, label.Target, string.Join(' ', label.Signals), label.Class.ToString())));
        Assert.All(plan.Episodes.Zip(labels), pair => Assert.InRange(
            pair.First.Start - pair.Second.Start, 0, Timestamp.NanosecondsPerMillisecond));
    }

    [Fact]
    public void Empty_lines_are_passed_over() =>
        Assert.Equal(2, LabelFile.Read(new StringReader($"{Line}\n\n{Line}\n"), "f").Count);

    [Theory]
    [InlineData("\"mode\":\"CR1-2\",", "", "expected a text 'mode'")]
    [InlineData("\"process\"", "\"weather\"", "expected 'class' process, sensor or gateway, found 'weather'")]
    [InlineData("[\"CR-201.bearing_de_temp\"]", "[1]", "expected 'signals', a list of names")]
    [InlineData("2026-01-12T00:00:00.000Z", "soon", "expected 'end' as a time such as 2026-01-31T08:00:00Z")]
    [InlineData("2026-01-12T00:00:00.000Z", "2026-01-10", "expected 'start' before 'end'")]
    [InlineData("}", "", "it is no JSON object")]
    public void A_line_that_is_no_label_is_named(string part, string instead, string expected) =>
        Check($"{Line}\n\n{Line.Replace(part, instead, StringComparison.Ordinal)}", $"f:3: {Cannot}{expected}");

    [Fact]
    public void Another_value_than_an_object_is_named() => Check("[]", $"f:1: {Cannot}expected a JSON object");

    private static void Check(string text, string expected) => Assert.Contains(
        expected,
        Assert.Throws<RehearsalException>(() => LabelFile.Read(new StringReader(text), "f")).Message,
        StringComparison.Ordinal);
}
