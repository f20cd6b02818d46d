using Telemetry.Model;

namespace Telemetry.Store.Tests;

public sealed class StoreHistoryTests
{
    [Fact]
    public void It_gives_what_the_last_checkpoint_wrote_while_the_store_goes_on()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        for (int i = 0; i < 1_000; i++)
        {
            bench.Append(field, i * 10, i);
        }

        bench.Append(field, 5, -1); // late, in an open chunk of its own
        bench.Checkpoint(1);
        List<Sample> written = bench.Read(field);
        bench.Append(field, 50_000, 1);
        using StoreHistory history = StoreHistory.Open(bench.Path);
        for (int i = 0; i < 1_000; i++)
        {
            bench.Append(field, 60_000 + (i * 10), i); // seals what the history holds open
        }

        bench.Checkpoint(2);
        Assert.Equal(1_001, written.Count);
        Assert.Equal(written, Read(history));
        Assert.Equal(0, history.DamagedCount);
    }

    [Fact]
    public void Damaged_parts_are_left_out_and_counted_and_nothing_is_written()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        for (int i = 0; i < 1_000; i++)
        {
            bench.Append(field, i * 10, i);
        }

        bench.Checkpoint(1);
        bench.Store.File.Execute("UPDATE chunks SET chunk = substr(chunk, 1, 12) WHERE id = 3");
        bench.Store.File.Execute("UPDATE heads SET parts = substr(parts, 1, 30)");
        using StoreHistory history = StoreHistory.Open(bench.Path);
        Assert.InRange(Read(history).Count, 800, 1_000 - 64);
        Assert.Equal(2, history.DamagedCount);
        Assert.Equal(0, bench.Store.File.ReadInt64("SELECT count(*) FROM set_aside"));
    }

    [Theory]
    [InlineData("UPDATE meta SET value = 99", "expected schema 3, found 99")]
    [InlineData("UPDATE meta SET value = 2", "expected schema 3, found 2")]
    public void Another_schema_is_refused_and_stays(string change, string expected)
    {
        using var bench = new StoreBench();
        bench.Checkpoint(1);
        bench.Store.File.Execute(change);
        long before = bench.Store.File.ReadInt64("SELECT value FROM meta");
        StoreException refusal = Assert.Throws<StoreException>(() => StoreHistory.Open(bench.Path));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.Store.File.ReadInt64("SELECT value FROM meta"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_and_not_made()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("none.db");
        StoreException refusal = Assert.Throws<StoreException>(() => StoreHistory.Open(path));
        Assert.Contains($"store '{path}': there is no such file", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private static List<Sample> Read(StoreHistory history)
    {
        var collector = new Collector { Sources = history.Catalogue.Sources };
        history.Read(fieldId: 0, long.MinValue, long.MaxValue, ref collector);
        return collector.Samples;
    }
}
