using Telemetry.Model;

namespace Telemetry.Store.Tests;

public sealed class StoreLedgerTests
{
    private static readonly LedgerCounts Two = new()
    {
        Received = 2,
        Decoded = 1,
        NotAMeasurement = 3,
        NoRoute = 4,
        Quarantined = 5,
        Duplicate = 6,
        Dropped = 7,
        Missing = 8,
        Points = 9,
        Stored = 10,
        Refused = 11,
    };

    [Fact]
    public void What_was_added_is_read_at_once_in_order_and_within_its_span()
    {
        using var bench = new StoreBench();
        bench.Store.Ledger.Add(8, "b", Two);
        bench.Store.Ledger.Add(8, "a", Two);
        bench.Store.Ledger.Add(7, "c", Two);
        bench.Store.Ledger.Add(9, "a", Two);
        Assert.Equal([(7, "c"), (8, "a"), (8, "b")], Keys(bench.Store.Ledger.Read(7, 9, 100)));
        Assert.Equal([(7, "c"), (8, "a")], Keys(bench.Store.Ledger.Read(7, 9, countMax: 2)));
        Assert.Empty(bench.Store.Ledger.Read(10, long.MaxValue, 100));
    }

    [Fact]
    public void Counts_go_with_samples_and_cursor()
    {
        using var bench = new StoreBench();
        bench.Store.Ledger.Add(8, "a", Two);
        bench.Checkpoint(offset: 100);
        bench.Store.Ledger.Add(8, "a", Two);
        Assert.Equal(4, Assert.Single(bench.Store.Ledger.Read(8, 9, 100)).Counts.Received);

        bench.Crash();

        Assert.Equal([new LedgerLine(8, "a", Two)], bench.Store.Ledger.Read(8, 9, 100));
        bench.Store.Ledger.Add(8, "a", Two);
        bench.Checkpoint(offset: 200);
        bench.Crash();
        LedgerCounts twice = Two;
        twice.Add(Two);
        Assert.Equal([new LedgerLine(8, "a", twice)], bench.Store.Ledger.Read(8, 9, 100));
    }

    [Fact]
    public void An_hour_that_is_over_can_still_be_added_to()
    {
        using var bench = new StoreBench();
        for (int hour = 5; hour < 9; hour++)
        {
            bench.Store.Ledger.Add(hour, "a", Two);
            bench.Checkpoint(offset: hour);
        }

        bench.Store.Ledger.Add(5, "a", Two);
        bench.Checkpoint(offset: 10);
        Assert.Equal([4, 2, 2, 2], bench.Store.Ledger.Read(0, 99, 100).Select(line => line.Counts.Received));
    }

    private static IEnumerable<(long Hour, string Gateway)> Keys(IReadOnlyList<LedgerLine> lines) =>
        lines.Select(line => (line.Hour, line.Gateway));
}
