using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

public sealed class DecodingSnapshotsTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly DecodingState _state = new(new DecodingContext(
        SiteCatalogue.Empty, new SeriesCatalogue(), new UnboundNames(), LateAfterNanoseconds: long.MaxValue));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void The_newest_state_at_or_before_an_offset_is_restored()
    {
        DecodingSnapshots snapshots = _log.OpenSnapshots();
        Assert.False(snapshots.TryRestore(_state, long.MaxValue, out _));
        foreach (long offset in (long[])[100, 200, 300])
        {
            snapshots.Add(offset, _state, firstOffset: 0);
        }

        long[] found = [.. ((long[])[99, 199, 200, 999]).Select(before => At(snapshots, before))];
        Assert.Equal([0, 100, 200, 300], found);
        Assert.Equal(200, At(_log.OpenSnapshots(), 250));
    }

    [Fact]
    public void Those_that_nobody_can_need_are_removed()
    {
        DecodingSnapshots snapshots = _log.OpenSnapshots();
        foreach (long offset in (long[])[100, 200, 300])
        {
            snapshots.Add(offset, _state, firstOffset: 250);
        }

        Assert.Equal(["00000000000000c8.snapshot", "000000000000012c.snapshot"], Files());
    }

    [Fact]
    public void Their_number_has_a_ceiling_and_none_is_far_from_its_neighbours()
    {
        const int Step = 1_000;
        DecodingSnapshots snapshots = _log.OpenSnapshots();
        for (int i = 1; i <= 500; i++)
        {
            snapshots.Add(i * Step, _state, firstOffset: 0);
        }

        Assert.Equal(IngestionLimits.DecodingSnapshotsMax, Files().Count);
        for (int i = 1; i <= 500; i++)
        {
            long way = (i * Step) - At(snapshots, i * Step);
            long lag = (501 - i) * Step;
            Assert.True(way <= lag, $"{way} bytes to decode for a reader that is {lag} bytes behind");
        }
    }

    [Fact]
    public void Those_beyond_the_end_of_a_log_that_lost_some_are_removed()
    {
        DecodingSnapshots snapshots = _log.OpenSnapshots();
        snapshots.Add(100, _state, firstOffset: 0);
        snapshots.Add(200, _state, firstOffset: 0);
        snapshots.RemoveBeyond(199);
        Assert.Equal(100, snapshots.NewestOffset);
        Assert.Equal(["0000000000000064.snapshot"], Files());
    }

    [Fact]
    public void A_damaged_one_is_set_aside_and_an_older_one_is_used()
    {
        DecodingSnapshots snapshots = _log.OpenSnapshots();
        snapshots.Add(100, _state, firstOffset: 0);
        snapshots.Add(200, _state, firstOffset: 0);
        using (IFile file = _log.Files.Open("/decoding/00000000000000c8.snapshot", FileIntent.Write))
        {
            file.Write("x"u8, 0);
        }

        Assert.Equal(100, At(snapshots, 999));
        Assert.Contains("00000000000000c8.snapshot.corrupt", _log.Files.ListFiles("/decoding"));
    }

    private long At(DecodingSnapshots snapshots, long before) =>
        snapshots.TryRestore(_state, before, out long offset) ? offset : 0;

    private List<string> Files() => [.. _log.Files.ListFiles("/decoding").Order()];
}
