using Telemetry.Model;

namespace Telemetry.Detection.Tests;

public sealed class DetectorStateFormatTests
{
    private const int FieldCount = 4;

    private static readonly AlarmRule[] Rules =
    [
        new(new LimitSet(10, 20, 80, 90), 5, 2, 3, 200, 4, 7),
        new(new LimitSet(double.NaN, 20, 80, double.NaN), 0, 0, 0, double.NaN, 0, 3),
        new(LimitSet.None, 0, 0, 5, 50, 6, 0),
        Scene.Nothing with { SilenceSeconds = 11 },
    ];

    private readonly record struct Step(
        double Arrival, int Field, double Second, double Value, byte Quality, bool IsLate);

    /// <summary>Plays a random story; before the step of that number the service restarts.</summary>
    private static List<Finding> Play(IReadOnlyList<Step> story, int restartAt)
    {
        var scene = new Scene(Rules);
        for (int i = 0; i < story.Count; i++)
        {
            if (i == restartAt)
            {
                Assert.Equal(RestoreOutcome.Restored, scene.Restart(Rules));
            }

            Step step = story[i];
            if (step.Field == FieldCount)
            {
                scene.Idle((int)step.Arrival, (int)step.Arrival);
                continue;
            }

            PointFlags flags = step.IsLate ? PointFlags.Late : PointFlags.None;
            scene.At(step.Second, step.Value, step.Field, step.Arrival, step.Quality, flags);
        }

        return scene.Findings;
    }

    private static List<Step> Story(int seed)
    {
        var random = new Random(seed);
        var story = new List<Step>();
        double arrival = 0;

        // First one sample of each, so that identities are the same before and after a restart.
        for (int field = 0; field < FieldCount; field++)
        {
            story.Add(new Step(arrival, field, arrival, 50, Quality.Good, false));
        }

        double value = 50;
        for (int i = 0; i < 250; i++)
        {
            arrival += random.Next(20) == 0 ? 20 : random.Next(0, 8) * 0.25;
            value = random.Next(4) == 0 ? random.Next(0, 100) : value;
            story.Add(new Step(
                arrival,
                random.Next(FieldCount + 1),
                arrival - random.Next(0, 3),
                value,
                random.Next(10) == 0 ? Quality.Bad : Quality.Good,
                random.Next(10) == 0));
        }

        return story;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_restart_at_any_record_gives_the_same_findings(int seed)
    {
        List<Step> story = Story(seed);
        List<Finding> expected = Play(story, restartAt: -1);
        Assert.True(expected.Count > 20, "the story says something");
        for (int restartAt = FieldCount; restartAt < story.Count; restartAt++)
        {
            Assert.Equal(expected, Play(story, restartAt));
        }
    }

    [Fact]
    public void Findings_of_one_condition_ascend()
    {
        foreach (IGrouping<Condition, Finding> one in Play(Story(5), -1).GroupBy(finding => finding.Condition))
        {
            (long, long, FindingEdge)[] marks = [.. one.Select(f => (f.Offset, f.Time, f.Edge))];
            Assert.Equal(marks.Order().Distinct(), marks);
        }
    }

    [Fact]
    public void What_was_saved_is_saved_again_the_same()
    {
        Scene scene = Told();
        byte[] saved = scene.Save();
        Assert.Equal(RestoreOutcome.Restored, scene.Restart(Rules));
        Assert.Equal(saved, scene.Save());
    }

    [Fact]
    public void A_state_cut_anywhere_is_malformed_and_leaves_an_empty_set()
    {
        byte[] saved = Told().Save();
        for (int length = 0; length < saved.Length; length++)
        {
            var detectors = new DetectorSet(new SeriesCatalogue());
            Assert.Equal(RestoreOutcome.Malformed, detectors.Restore(saved.AsSpan(0, length)));
            Assert.Equal(0, detectors.WatchedCount);
        }
    }

    [Fact]
    public void A_state_with_any_bit_flipped_is_taken_or_refused_but_never_thrown_at()
    {
        byte[] saved = Told().Save();
        for (int bit = 0; bit < saved.Length * 8; bit++)
        {
            saved[bit / 8] ^= (byte)(1 << (bit % 8));
            var scene = new Scene(Rules);
            scene.Detectors.Restore(saved);
            scene.Run(500, 50, 95, 50);
            saved[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Bytes_after_the_state_make_it_malformed() =>
        Assert.Equal(RestoreOutcome.Malformed, new Scene().Detectors.Restore([.. Told().Save(), 0]));

    [Fact]
    public void A_later_version_is_refused_by_name()
    {
        byte[] saved = Told().Save();
        saved[4] = 7;
        Assert.Equal(RestoreOutcome.UnknownVersion, new Scene().Detectors.Restore(saved));
    }

    [Fact]
    public void A_state_of_version_1_is_taken_without_the_lateness_it_has_not()
    {
        byte[] saved = AsVersion(1, Told().Save());
        var scene = new Scene();
        Assert.Equal(RestoreOutcome.Restored, scene.Detectors.Restore(saved));
        Assert.Equal(FieldCount, scene.Detectors.WatchedCount);
    }

    [Fact]
    public void A_state_of_version_2_is_taken_and_anomalies_are_learnt_anew()
    {
        byte[] saved = AsVersion(2, Told().Save());
        var scene = new Scene();
        Assert.Equal(RestoreOutcome.Restored, scene.Detectors.Restore(saved));
        Assert.Equal(FieldCount, scene.Detectors.WatchedCount);
    }

    [Fact]
    public void A_state_of_version_3_is_taken_without_gaps_and_what_was_unusual()
    {
        byte[] saved = AsVersion(3, Told().Save());
        var scene = new Scene();
        Assert.Equal(RestoreOutcome.Restored, scene.Detectors.Restore(saved));
        Assert.Equal(FieldCount, scene.Detectors.WatchedCount);
    }

    [Fact]
    public void A_state_of_version_4_is_taken_with_its_anomalies_of_which_none_is_held_back()
    {
        const int VerdictBytes = 3 * sizeof(long); // held by, size, surprise: the last of an anomaly
        const int BytesBehind = 17 + (2 * sizeof(int)); // groups of the field; no gateway, no covariate
        AlarmRule watched = Scene.Nothing with { Anomalies = true };
        byte[] saved = new Scene(watched).Run(0, 50, 51, 52).Save();
        byte[] before = saved[..^sizeof(int)]; // without assets whose relations are watched
        byte[] older = [.. before[..^(BytesBehind + VerdictBytes)], .. before[^BytesBehind..]];
        older[4] = 4;
        var scene = new Scene(watched);
        Assert.Equal(RestoreOutcome.Restored, scene.Detectors.Restore(older));
        Assert.Equal(saved, scene.Save());
    }

    /// <summary>What an earlier program would have written of fields that are watched for no anomalies.</summary>
    private static byte[] AsVersion(byte version, byte[] saved)
    {
        const int HeadBytes = 34;
        const int StateBytes = 8 + 40 + 157 + 18 + 18; // last time, limits, rate, flatline, silence
        const int AnomalyBytes = 3; // range and that there is no anomaly
        const int GroupBytes = 17; // whose silence, end of the last gap, when it was last unusual
        var older = new List<byte>(saved[..HeadBytes]);
        older[4] = version;
        int at = HeadBytes;
        for (int field = 0; field < FieldCount; field++)
        {
            int start = at;
            at = AfterBlock(saved, AfterBlock(saved, at));
            at = AfterBlock(saved, at + 1) + StateBytes;
            int end = version < 3 ? at : at + AnomalyBytes;
            older.AddRange(saved[start..end]);
            at += AnomalyBytes + GroupBytes;
        }

        int rest = (version - 1) * sizeof(int); // how many gateways and covariates there are: none
        older.AddRange(saved[at..(at + rest)]);
        return [.. older];
    }

    private static int AfterBlock(byte[] saved, int at) => at + sizeof(int) + BitConverter.ToInt32(saved, at);

    [Fact]
    public void Fields_that_the_catalogue_refuses_are_left_out()
    {
        byte[] saved = Told().Save();
        var catalogue = new SeriesCatalogue(fieldCountMax: 1);
        var detectors = new DetectorSet(catalogue);
        Assert.Equal(RestoreOutcome.RestoredInPart, detectors.Restore(saved));
        Assert.Equal(1, detectors.WatchedCount);
    }

    private static Scene Told()
    {
        var scene = new Scene(Rules);
        for (int field = 0; field < FieldCount; field++)
        {
            scene.At(0, 50, field);
        }

        return scene.Run(1, 95, 96, 97, 98, 99, 99, 99, 99);
    }
}
