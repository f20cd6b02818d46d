using System.Buffers.Binary;
using Telemetry.Detection.Assets;
using Telemetry.Model;

namespace Telemetry.Detection.Tests.Assets;

public sealed class RelationStateTests
{
    private const int Rows = 5_400;
    private const int FaultFrom = 1_300;
    private const int FaultUntil = 1_400;

    /// <summary>Learns, has a fault twice; before the samples of those numbers the service restarts.</summary>
    private static RelationScene Play(params int[] restartsAt)
    {
        var scene = new RelationScene(RelationScene.Rule);
        int sample = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int signal = 0; signal < RelationScene.Keys.Length; signal++, sample++)
            {
                if (restartsAt.Contains(sample))
                {
                    Assert.Equal(RestoreOutcome.Restored, scene.Restart());
                }

                bool isFault = row is >= FaultFrom and < FaultUntil or >= Rows - 100;
                double load = isFault ? RelationWatchTests.FlowLeaves(signal, row) : RelationScene.LoadAt(row);
                scene.At(signal, row + (0.3 * signal), RelationScene.Reading(signal, row, load));
            }
        }

        return scene;
    }

    [Fact]
    public void A_restart_anywhere_gives_the_same_findings_and_the_same_state()
    {
        RelationScene whole = Play();
        Assert.Equal(2, whole.Notices.Count);
        byte[] expected = whole.Save();
        for (int restartAt = 1; restartAt < Rows * RelationScene.Keys.Length; restartAt += 397)
        {
            RelationScene restarted = Play(restartAt);
            Assert.Equal(whole.Notices, restarted.Notices);
            Assert.Equal(expected, restarted.Save());
        }
    }

    [Fact]
    public void Restarts_between_all_samples_of_the_fault_give_the_same_findings()
    {
        int[] restartsAt = [.. Enumerable.Range(FaultFrom * 3, (FaultUntil - FaultFrom) * 3)];
        Assert.Equal(Play().Notices, Play(restartsAt).Notices);
    }

    [Fact]
    public void A_state_that_is_cut_is_malformed_and_leaves_an_empty_set()
    {
        byte[] saved = RelationWatchTests.Learnt().Save();
        for (int length = 0; length < saved.Length; length++)
        {
            var detectors = new DetectorSet(new SeriesCatalogue());
            Assert.Equal(RestoreOutcome.Malformed, detectors.Restore(saved.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_state_with_any_bit_flipped_is_taken_or_refused_but_never_thrown_at()
    {
        byte[] saved = RelationWatchTests.Learnt().Save();
        for (int bit = 0; bit < saved.Length * 8; bit++)
        {
            saved[bit / 8] ^= (byte)(1 << (bit % 8));
            var scene = new RelationScene(RelationScene.Rule);
            scene.Restore(saved);
            scene.Play(5_000, 3).Play(9_000, 2);
            saved[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_state_of_version_5_is_taken_and_relations_are_learnt_from_the_first_row()
    {
        byte[] saved = new RelationScene(rule: null).Play(0, 20).Save();
        byte[] older = saved[..^sizeof(int)]; // how many assets there are: none
        older[4] = 5;
        var scene = new RelationScene(RelationScene.Rule);
        Assert.Equal(RestoreOutcome.Restored, scene.Restart(older));
        scene.Play(20, 20);
        Assert.Equal(new RelationRows(19, 0, 0), scene.Rows);
    }

    [Fact]
    public void An_asset_that_the_site_no_longer_chooses_is_let_go_of()
    {
        byte[] chosen = RelationWatchTests.Learnt().Save();
        var scene = new RelationScene(rule: null);
        Assert.Equal(RestoreOutcome.Restored, scene.Restart(chosen));
        byte[] left = scene.Play(2_000, 1).Save();
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(left.AsSpan(left.Length - sizeof(int))));
    }

    [Fact]
    public void An_asset_that_the_site_chooses_otherwise_than_before_the_restart_learns_anew()
    {
        var scene = new RelationScene(RelationScene.Rule with { WarmUpRows = 2_000 });
        Assert.Equal(RestoreOutcome.Restored, scene.Restart(RelationWatchTests.Learnt().Save()));
        scene.Play(2_000, 50);
        Assert.Equal((49, 0), (scene.Rows.Learnt, scene.Rows.Judged));
    }
}
