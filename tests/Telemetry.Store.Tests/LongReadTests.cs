using Telemetry.Model;

namespace Telemetry.Store.Tests;

/// <summary>A read that takes long, such as an export to a slow client, beside a store that goes on.</summary>
public sealed class LongReadTests
{
    private const int Checkpoints = 120;
    private const int SamplesPerCheckpoint = 20_000;
    private const long WalBytesMax = 16 * 1024 * 1024; // SQLite's 1,000 pages and the largest transaction above them

    [Fact]
    public void Write_ahead_log_stays_short_while_a_read_goes_on()
    {
        using var bench = new StoreBench();
        Field field = Prepare(bench);
        var visitor = new Slow(bench);
        bench.Store.Read(field.Id, long.MinValue, long.MaxValue, ref visitor);
        Assert.Equal(Checkpoints, visitor.Done);
        Assert.InRange(WalBytes(bench), 1, WalBytesMax);
    }

    /// <summary>What the test before would see if a transaction stayed open for the read.</summary>
    [Fact]
    public void An_open_transaction_would_let_it_grow()
    {
        using var bench = new StoreBench();
        Field field = Prepare(bench);
        using SqliteFile reader = SqliteFile.OpenToRead(bench.Path);
        reader.Execute("BEGIN");
        reader.ReadInt64("SELECT count(*) FROM chunks");
        var visitor = new Slow(bench);
        bench.Store.Read(field.Id, long.MinValue, long.MaxValue, ref visitor);
        reader.Execute("COMMIT");
        Assert.InRange(WalBytes(bench), WalBytesMax + 1, long.MaxValue);
    }

    private static Field Prepare(StoreBench bench)
    {
        Field field = bench.Field("t");
        for (int i = 0; i < 1_000; i++)
        {
            bench.Append(field, i, i);
        }

        bench.Checkpoint();
        return field;
    }

    private static long WalBytes(StoreBench bench) => new FileInfo(bench.Path + "-wal").Length;

    /// <summary>Takes its time: at the first samples the store writes as much as in a day.</summary>
    private struct Slow(StoreBench bench) : ISampleVisitor
    {
        private static readonly Random Random = new(3);

        public int Done { get; private set; }

        public readonly bool WantsProvenance => false;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            Field other = bench.Field("other");
            var samples = new Sample[SamplesPerCheckpoint];
            for (; Done < Checkpoints; Done++)
            {
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = StoreBench.Of(((long)Done * SamplesPerCheckpoint) + i, Random.NextDouble());
                }

                bench.Append(other, samples);
                bench.Checkpoint(Done + 1);
            }

            return true;
        }
    }
}
