using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Scenarios;

public sealed class RecordingTests
{
    [Fact]
    public void Recorded_columns_take_the_place_of_simulated_signals_and_begin_again_at_their_end()
    {
        Recording recording = Parse(
            "time,CR-201.motor_current,CR-201.frame_vib\n2020-05-01T00:00:00Z,71.125,9\n2020-05-01T00:00:02Z,72.5,\n");
        var options = new SimulatorOptions { Replay = recording };
        var read = Runs.Read("GW-CRUSH", Runs.Winter, seconds: 6, options)
            .Where(sample => sample.Signal == "CR-201.motor_current")
            .Select(sample => sample.Value);

        Assert.Equal([71.125, 71.125, 72.5, 72.5, 71.125, 71.125], read.Take(6));
        Assert.Equal(["CR-201.frame_vib", "CR-201.motor_current"], recording.Signals.Order());
    }

    [Fact]
    public void An_empty_cell_is_a_missing_sample_and_a_failure_befalls_what_was_recorded()
    {
        Recording recording = Parse("time,ML-301.motor_power\n0,\n60,50\n120,50\n");
        SignalInstance signal = Runs.Site.Signals.Single(known => known.Id == "ML-301.motor_power");
        long start = Timestamp.From(Runs.Winter);
        var full = new Episode(
            "SN-12/1", FailureModes.Find("SN-12")!, "ML-301", [signal], start, start, long.MaxValue, long.MaxValue, 1);
        var plan = new EpisodePlan([full]);
        var model = new SignalModel(1, signal, plan.TrackOf(signal), recording.SeriesOf(signal, start));
        var conditions = new PlantConditions(1);

        conditions.MoveTo(start + 1);
        Assert.Equal(double.NaN, model.Read(conditions, 1));
        conditions.MoveTo(start + (61 * Timestamp.NanosecondsPerSecond));
        Assert.Equal(500, model.Read(conditions, 2));
    }

    [Theory]
    [InlineData("CR-201.motor_current\n1\n2\n", "expected a column time")]
    [InlineData("time,CR-201.nonsense\n1,1\n2,2\n", "column \"CR-201.nonsense\" is no signal of the site")]
    [InlineData("time,CR-201.css,CR-201.css\n1,1,1\n2,2,2\n", "a column is there twice")]
    [InlineData("time,CR-201.css\n1,1\n1,2\n", "line 3: expected 2 cells and a time after the line before")]
    [InlineData("time,CR-201.css\n1,1\n2\n", "line 3: expected 2 cells")]
    [InlineData("time,CR-201.css\n1,x\n", "line 2: expected a number, found \"x\"")]
    [InlineData("time,CR-201.css\n1,1\n", "expected at least 2 rows, found 1")]
    [InlineData("", "expected a column time")]
    public void What_cannot_be_replayed_is_refused_with_its_place(string text, string words)
    {
        string said = Assert.Throws<FormatException>(() => Parse(text)).Message;

        Assert.StartsWith("cannot replay \"r.csv\": ", said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    private static Recording Parse(string text) => Recording.Parse(new StringReader(text), "r.csv", Runs.Site);
}
