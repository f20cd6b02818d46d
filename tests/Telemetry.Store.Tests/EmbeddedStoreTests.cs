using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Store.Tests;

public sealed class EmbeddedStoreTests
{
    [Fact]
    public void What_was_appended_is_read_before_any_checkpoint()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        bench.Append(field, StoreBench.Of(20, 2), StoreBench.Of(10, 1), StoreBench.Of(20, 3));
        Assert.Equal([StoreBench.Of(10, 1), StoreBench.Of(20, 3)], bench.Read(field));
    }

    [Fact]
    public void The_span_holds_its_start_and_not_its_end()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        bench.Append(field, StoreBench.Of(10, 1), StoreBench.Of(20, 2), StoreBench.Of(30, 3));
        Assert.Equal([StoreBench.Of(10, 1), StoreBench.Of(20, 2)], bench.Read(field, 10, 30));
        Assert.Empty(bench.Read(field, 30, 30));
        Assert.Empty(bench.Read(field, 31, 10));
    }

    [Fact]
    public void A_crash_takes_samples_and_cursor_back_to_the_same_checkpoint()
    {
        using var bench = new StoreBench();
        bench.Append(bench.Field("t"), 10, 1);
        bench.Checkpoint(offset: 100);
        bench.Append(bench.Field("t"), 20, 2);
        bench.Crash();
        Assert.Equal(100, bench.Store.ReadLaneOffsets()[0]);
        Assert.Equal([StoreBench.Of(10, 1)], bench.Read(bench.Field("t")));
    }

    [Fact]
    public void A_new_store_has_a_zero_for_every_lane()
    {
        using var bench = new StoreBench();
        Assert.Equal(new long[Limits.LaneCount], bench.Store.ReadLaneOffsets());
    }

    [Fact]
    public void Series_fields_and_types_are_known_after_reopening()
    {
        using var bench = new StoreBench();
        bench.Append(bench.Field("n", FieldType.Integer, "pump,asset=P\\ 1"), new Sample(1, 7, Quality.Good));
        bench.Append(bench.Field("s", FieldType.String, "pump,asset=P\\ 1"), new Sample(1, 0, Quality.Bad, "läuft"));
        bench.Checkpoint();
        bench.Crash();
        Assert.Equal(1, bench.Catalogue.SeriesCount);
        Assert.Equal(2, bench.Catalogue.FieldCount);
        Assert.Equal("P 1", bench.Catalogue.SeriesAt(0).Tags[0].Value);
        Field text = bench.Field("s", FieldType.String, "pump,asset=P\\ 1");
        Assert.Equal([new Sample(1, 0, Quality.Bad, "läuft")], bench.Read(text));
    }

    [Fact]
    public void A_late_sample_over_a_sealed_one_wins()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        AppendRun(bench, field, 0, 300);
        bench.Checkpoint();
        bench.Append(field, 5, 99);
        Assert.Equal(StoreBench.Of(5, 99), bench.Read(field)[5]);
        Assert.Equal(300, bench.Read(field).Count);
        Assert.Equal(1, bench.Store.Metrics.SamplesLate);
        bench.Checkpoint(1);
        bench.Crash();
        Assert.Equal(StoreBench.Of(5, 99), bench.Read(bench.Field("t"))[5]);
    }

    [Fact]
    public void Late_samples_of_many_checkpoints_take_one_row()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        AppendRun(bench, field, 0, 300);
        for (int i = 0; i < 20; i++)
        {
            bench.Append(field, i, -1);
            bench.Checkpoint(i);
        }

        Assert.Equal(2, bench.Store.File.ReadInt64("SELECT count(*) FROM heads"));
        Assert.Equal(4, bench.Store.File.ReadInt64("SELECT count(*) FROM chunks"));
    }

    [Fact]
    public void A_whole_chunk_is_given_as_its_summary_and_an_overlapped_one_is_not()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        AppendRun(bench, field, 0, 200);
        var collector = new Collector { Summaries = new SummaryWish(long.MaxValue, WithDetail: false) };
        bench.Store.Read(field.Id, 0, 200, ref collector);
        Assert.Equal(new SampleSummary(64, 0, 63, 0, 63, 0, 63, 63 * 32), collector.Taken[0]);
        Assert.Equal(3, collector.Taken.Count);
        Assert.Equal(8, collector.Samples.Count);

        bench.Append(field, 70, -5);
        collector = new Collector { Summaries = new SummaryWish(long.MaxValue, WithDetail: false) };
        bench.Store.Read(field.Id, 1, 200, ref collector);
        SampleSummary only = Assert.Single(collector.Taken);
        Assert.Equal(128, only.FirstTime);
        Assert.Contains(StoreBench.Of(70, -5), collector.Samples);
    }

    [Fact]
    public void A_visitor_that_has_enough_is_given_no_more()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        AppendRun(bench, field, 0, 1_000);
        var collector = new Collector { SamplesMax = 1 };
        bench.Store.Read(field.Id, 0, 1_000, ref collector);
        Assert.Equal(64, collector.Samples.Count);
    }

    [Fact]
    public void A_corrupt_chunk_is_left_out_and_counted_once()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        AppendRun(bench, field, 0, 200);
        bench.Checkpoint();
        bench.Store.File.Execute("UPDATE chunks SET chunk = zeroblob(50) WHERE id = 2");
        Assert.Equal(200 - 64, bench.Read(field).Count);
        Assert.Equal(200 - 64, bench.Read(field).Count);
        Assert.Equal(1, bench.Store.Metrics.ChunksCorrupt);
    }

    [Fact]
    public void A_corrupt_head_is_set_aside_and_its_sound_parts_are_kept()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        AppendRun(bench, bench.Field("t"), 0, 40);
        bench.Checkpoint();
        bench.Store.File.Execute("UPDATE heads SET parts = CAST(substr(parts, 1, length(parts) - 1) AS BLOB)");
        bench.Crash();
        Assert.Equal(32, bench.Read(bench.Field("t")).Count);
        Assert.Equal(1, bench.Store.Metrics.ChunksCorrupt);
        Assert.Equal(1, bench.Store.File.ReadInt64("SELECT count(*) FROM set_aside"));
        bench.Crash();
        Assert.Equal(0, bench.Store.Metrics.ChunksCorrupt);
        Assert.Equal(32, bench.Read(bench.Field("t")).Count);
    }

    [Fact]
    public void A_full_disk_fails_the_checkpoint_loses_nothing_and_a_retry_succeeds()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        bench.Append(field, 0, 0);
        bench.Checkpoint(offset: 1);
        long pages = bench.Store.File.ReadInt64("PRAGMA page_count");
        bench.Store.File.Execute($"PRAGMA max_page_count = {pages}");
        AppendNoise(bench, field, 50_000);
        StoreException failure = Assert.Throws<StoreException>(() => bench.Checkpoint(offset: 2));
        Assert.True(failure.IsDiskFull);
        Assert.Contains("store.db", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, bench.Store.Metrics.CheckpointsFailed);
        Assert.Equal(1, bench.Store.ReadLaneOffsets()[0]);
        Assert.Equal(50_000, bench.Read(field).Count);

        bench.Store.File.Execute("PRAGMA max_page_count = 1073741823");
        bench.Checkpoint(offset: 2);
        bench.Crash();
        Assert.Equal(2, bench.Store.ReadLaneOffsets()[0]);
        Assert.Equal(50_000, bench.Read(bench.Field("t")).Count);
    }

    [Fact]
    public void After_a_failed_checkpoint_the_next_one_waits_and_what_waits_in_memory_has_a_ceiling()
    {
        using var bench = new StoreBench(chunkSamples: 64, checkpointBytes: 1, pendingBytesMax: 50_000);
        Field field = bench.Field("t");
        bench.Append(field, 0, 0);
        bench.Checkpoint(offset: 1);
        long pages = bench.Store.File.ReadInt64("PRAGMA page_count");
        bench.Store.File.Execute($"PRAGMA max_page_count = {pages}");
        AppendNoise(bench, field, 5_000);
        Assert.True(bench.Store.NeedsCheckpoint);
        Assert.Throws<StoreException>(() => bench.Checkpoint(offset: 2));
        Assert.False(bench.Store.NeedsCheckpoint);
        Assert.False(bench.Store.IsFull);

        AppendNoise(bench, field, 50_000);
        Assert.True(bench.Store.IsFull);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(bench.Store.NeedsCheckpoint);

        bench.Store.File.Execute("PRAGMA max_page_count = 1073741823");
        bench.Checkpoint(offset: 3);
        Assert.False(bench.Store.IsFull);
    }

    [Fact]
    public void A_newer_schema_is_refused_by_name()
    {
        using var bench = new StoreBench();
        bench.Store.File.Execute("UPDATE meta SET value = 4 WHERE name = 'schema'");
        StoreException refusal = Assert.Throws<StoreException>(bench.Crash);
        Assert.Contains("expected schema 3, found 4", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_is_due_by_age_and_a_checkpoint_without_news_writes_nothing()
    {
        using var bench = new StoreBench();
        Assert.False(bench.Store.NeedsCheckpoint);
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(bench.Store.NeedsCheckpoint);
        bench.Checkpoint();
        Assert.False(bench.Store.NeedsCheckpoint);
        Assert.Equal(0, bench.Store.Metrics.Checkpoints);
    }

    [Fact]
    public void A_checkpoint_is_due_by_bytes()
    {
        using var bench = new StoreBench(checkpointBytes: 1_000);
        AppendNoise(bench, bench.Field("t"), 1_000);
        Assert.True(bench.Store.NeedsCheckpoint);
    }

    [Fact]
    public void Appending_allocates_nothing_once_the_heads_have_grown()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field[] fields = [bench.Field("a"), bench.Field("b", FieldType.Integer), bench.Field("c", FieldType.String)];
        var batch = new PointBatch();
        long time = 0;
        void Act()
        {
            batch.Reset();
            batch.AddRecord(0, time, 0);
            time += 1_000_000_000;
            batch.AddPoint(fields[0].Series.Id, time, PointFlags.None, new TimeCorrection(time / 1_000, 5));
            long value = BitConverter.DoubleToInt64Bits(time / 1e10);
            batch.AddSample(fields[0].Id, FieldType.Float, Quality.Good, value, source: 1);
            batch.AddSample(fields[1].Id, FieldType.Integer, Quality.Good, time, source: (int)(time % 3));
            batch.AddSample(fields[2].Id, FieldType.String, Quality.Good, batch.AddText("RUN"u8, isEscaped: false));
            bench.Store.Append(batch);
        }

        // Pending chunks grow until a checkpoint empties them: grow them past what the measured rounds need.
        for (int i = 0; i < 5_000; i++)
        {
            Act();
        }

        bench.Checkpoint();
        Assert.Equal(0, Allocation.Measure(Act));
    }

    [Fact]
    public async Task Readers_beside_the_appender_see_a_growing_prefix()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        bool isDone = false;
        Task reader = Task.Run(() =>
        {
            int seen = 0;
            while (!Volatile.Read(ref isDone))
            {
                List<Sample> samples = bench.Read(field);
                Assert.True(samples.Count >= seen);
                seen = samples.Count;
                for (int i = 0; i < samples.Count; i++)
                {
                    Assert.Equal(i, samples[i].Time);
                }
            }
        });
        for (int i = 0; i < 200; i++)
        {
            AppendRun(bench, field, i * 50, 50);
            if (i % 7 == 0)
            {
                bench.Checkpoint(i);
            }
        }

        Volatile.Write(ref isDone, true);
        await reader;
        Assert.Equal(10_000, bench.Read(field).Count);
    }

    private static void AppendRun(StoreBench bench, Field field, long first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Append(field, first + i, first + i);
        }
    }

    private static void AppendNoise(StoreBench bench, Field field, int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            bench.Append(field, i, random.NextDouble());
        }
    }
}
