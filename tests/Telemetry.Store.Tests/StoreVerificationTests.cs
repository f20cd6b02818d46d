using Telemetry.Model;

namespace Telemetry.Store.Tests;

public sealed class StoreVerificationTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;

    [Fact]
    public void A_sound_store_has_no_faults_while_it_is_written_to()
    {
        using StoreBench bench = NewStore();
        StoreFindings found = StoreVerification.Run(bench.Path);
        Assert.Empty(found.Faults);
        Assert.Equal(2 * 86_400 / 10, found.Samples + bench.Read(bench.Field("t"), OpenFrom(bench)).Count);
        Assert.Equal((2, 2), (found.Rollups, found.OpenChunks));
    }

    [Theory]
    [InlineData("UPDATE chunks SET chunk = substr(chunk, 1, 12) WHERE id = 3", "chunks, row 3: its checksum is wrong")]
    [InlineData("UPDATE chunks SET max = 1e9 WHERE id = 3", "chunks, row 3: its samples are not those that its row")]
    [InlineData("UPDATE chunks SET field = 77 WHERE id = 3", "chunks, row 3: field 77 is not in the file")]
    [InlineData("DELETE FROM sources", "source 1 is not in the file")]
    [InlineData("UPDATE heads SET parts = substr(parts, 1, 30) WHERE id = 2", "heads, row 2: it is shorter")]
    [InlineData("UPDATE rollups SET day = 5 WHERE id = 1", "rollups, row 1: its windows are not of its day")]
    [InlineData("UPDATE rollups SET windows = x'0200' WHERE id = 1", "rollups, row 1: it is shorter")]
    [InlineData("DELETE FROM series", "fields, row 1: its series is not in the file")]
    public void What_is_damaged_is_named(string damage, string expected)
    {
        using StoreBench bench = NewStore();
        bench.Store.File.Execute(damage);
        StoreFindings found = StoreVerification.Run(bench.Path);
        Assert.Contains(found.Faults, fault => fault.Contains(expected, StringComparison.Ordinal));
        Assert.Equal(Math.Min(found.FaultCount, StoreVerification.FaultsMax), found.Faults.Count);
    }

    [Fact]
    public void A_copy_made_of_an_open_store_opens_with_the_same_samples()
    {
        using StoreBench bench = NewStore();
        List<Sample> samples = bench.Read(bench.Field("t"));
        using var directory = new TemporaryDirectory();
        string copy = directory.File("copy.db");
        StoreCopy.Write(bench.Path, copy);
        bench.Append(bench.Field("t"), 1, 1); // goes on
        Assert.Empty(StoreVerification.Run(copy).Faults);
        StoreException refusal = Assert.Throws<StoreException>(() => StoreCopy.Write(bench.Path, copy));
        Assert.Contains("it exists", refusal.Message, StringComparison.Ordinal);
        bench.Reopen(copy);
        Assert.Equal(samples, bench.Read(bench.Field("t")));
    }

    private static StoreBench NewStore()
    {
        var bench = new StoreBench();
        Field field = bench.Field("t");
        for (long i = 0; i < 2 * 86_400 / 10; i++)
        {
            bench.Append(field, StoreBench.Of(i * 10 * Second, i % 100 / 10.0) with { Source = "plc" });
        }

        bench.Append(bench.Field("s", FieldType.String), new Sample(1, 0, Quality.Good, "on") with { Source = "plc" });
        bench.RollUp();
        return bench;
    }

    /// <summary>Where the samples begin that are in no sealed chunk.</summary>
    private static long OpenFrom(StoreBench bench) =>
        bench.Store.File.ReadInt64("SELECT max(last_time) + 1 FROM chunks WHERE field = 1");
}
