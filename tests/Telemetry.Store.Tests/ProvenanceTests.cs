using Telemetry.Model;
using Telemetry.Store.InfluxQl;

namespace Telemetry.Store.Tests;

/// <summary>What the store keeps beside values: sources, corrections of time, arrival.</summary>
public sealed class ProvenanceTests
{
    private static readonly SampleSource Celsius = new("plc,line=2", "T1", "[degF]", 5.0 / 9, -160.0 / 9);
    private static readonly SampleSource Strange = new("α\0β", "γ\0", "", double.NaN, double.NegativeInfinity);

    [Fact]
    public void The_last_written_sample_brings_its_own_origin()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        Field field = bench.Field("t");
        Sample first = StoreBench.Of(5, 1) with { Source = "old", Correction = new TimeCorrection(-3, 2) };
        Sample second = StoreBench.Of(5, 2, Quality.Uncertain) with { Source = "new", Arrival = 2_000 };
        bench.Append(field, first);
        for (int i = 6; i < 200; i++)
        {
            bench.Append(field, i, i);
        }

        Assert.Equal(first, bench.Read(field)[0]);
        bench.Append(field, second);
        Assert.Equal(second, bench.Read(field)[0]);
        bench.Checkpoint();
        bench.Crash();
        Assert.Equal(second, bench.Read(bench.Field("t"))[0]);
    }

    [Fact]
    public void Sources_keep_their_numbers_over_a_restart_and_new_ones_follow()
    {
        using var bench = new StoreBench();
        int[] given = [bench.Catalogue.Sources.NumberOf(Celsius), bench.Catalogue.Sources.NumberOf(Strange)];
        bench.Append(bench.Field("t"), 1, 1);
        bench.Checkpoint(offset: 1);
        int lost = bench.Catalogue.Sources.NumberOf(new SampleSource("after the checkpoint", "f", ""));
        bench.Crash();

        SourceCatalogue sources = bench.Catalogue.Sources;
        Assert.Equal([Celsius, Strange with { Scale = 0 }], given.Select(sources.At));
        Assert.Equal(given[0], sources.NumberOf(Celsius));
        Assert.Equal(lost, sources.NumberOf(new SampleSource("another", "f", "")));
        bench.Append(bench.Field("t"), 2, 2);
        bench.Checkpoint(offset: 2);
        bench.Crash();
        Assert.Equal("another", bench.Catalogue.Sources.At(lost)!.Series);
    }

    [Fact]
    public void Sources_of_a_checkpoint_that_failed_are_written_by_the_next()
    {
        using var bench = new StoreBench();
        bench.Append(bench.Field("t"), StoreBench.Of(1, 1) with { Source = "gateway-1" });
        bench.Store.File.Execute("DROP TABLE cursor");
        Assert.Throws<StoreException>(() => bench.Checkpoint(offset: 1));
        bench.Store.File.Execute("CREATE TABLE cursor (lane INTEGER PRIMARY KEY, offset INTEGER NOT NULL)");
        bench.Checkpoint(offset: 1);
        bench.Crash();
        Assert.Equal("gateway-1", bench.Read(bench.Field("t"))[0].Source);
    }

    [Fact]
    public void A_damaged_number_of_a_source_costs_that_source_only()
    {
        using var bench = new StoreBench();
        bench.Append(bench.Field("t"), StoreBench.Of(1, 1) with { Source = "a" });
        bench.Append(bench.Field("t"), StoreBench.Of(2, 2) with { Source = "b" });
        bench.Checkpoint();
        bench.Store.File.Execute("UPDATE sources SET number = 1099511627776 WHERE number = 1");
        bench.Crash();
        Assert.Equal(["", "b"], bench.Read(bench.Field("t")).Select(sample => sample.Source));
        Assert.Equal(3, bench.Catalogue.Sources.NumberOf(Celsius));
    }

    [Fact]
    public void A_query_tells_after_a_restart_what_came_with_each_sample()
    {
        using var bench = new StoreBench(chunkSamples: 64);
        int source = bench.Catalogue.Sources.NumberOf(Celsius);
        var batch = new PointBatch();
        Field field = bench.Field("t");
        for (int i = 0; i < 200; i++)
        {
            batch.AddRecord(i, arrivalTime: (i + 5) * 1_000_000, lane: 0);
            batch.AddPoint(field.Series.Id, i, PointFlags.None, new TimeCorrection(-i, 9));
            double stored = ((i + 0.5) * Celsius.Scale) + Celsius.Offset;
            byte quality = i % 2 == 0 ? Quality.Good : Quality.Uncertain;
            batch.AddSample(field.Id, field.Type, quality, BitConverter.DoubleToInt64Bits(stored), source);
        }

        bench.Store.Append(batch);
        bench.Checkpoint();
        bench.Crash();
        const string Asked = "quality(t), arrival_time(t), raw_time(t), time_correction(t), time_uncertainty(t), "
            + "original(t), original_unit(t), source(t)";
        var engine = new InfluxQlEngine(bench.Store, new QueryLimits(), new DatabaseNames("telemetry"));
        var request = new QueryRequest("telemetry", "", 0);
        StatementResult result =
            engine.Execute($"SELECT {Asked} FROM m WHERE quality(t) < 192", request, default).Results[0];

        Assert.Null(result.Error);
        ResultRows rows = result.Series[0].Rows;
        Assert.Equal(100, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            long i = (2 * row) + 1;
            object?[] expected =
                [i, 64L, (i + 5) * 1_000_000, 2 * i, -i, 9L, i + 0.5, "[degF]", "plc,line=2 T1"];
            Assert.Equal(expected, rows[row]);
        }
    }

    [Fact]
    public void A_file_of_schema_1_is_read_and_written_on()
    {
        using var bench = new StoreBench(chunkSamples: 64, dump: DumpOf("StoreSchema1.sql"));
        CheckSchema1(bench);
        Field temperature = bench.Field("temp", FieldType.Float, "kiln,asset=K-1");
        Sample added = StoreBench.Of(StartOf(200), 21.5) with
        {
            Source = "gateway-1",
            Correction = new TimeCorrection(-7, 3),
        };
        bench.Append(temperature, added);
        bench.Checkpoint(offset: 152);
        bench.Crash();
        Assert.Equal(3, bench.Store.File.ReadInt64("SELECT value FROM meta WHERE name = 'schema'"));
        CheckSchema1(bench);
        temperature = bench.Field("temp", FieldType.Float, "kiln,asset=K-1");
        Assert.Equal(added, bench.Read(temperature)[^1]);
    }

    /// <summary>150 samples of five fields, one a second; the sixth was written again, late.</summary>
    private static void CheckSchema1(StoreBench bench)
    {
        Field Of(string name, FieldType type) => bench.Field(name, type, "kiln,asset=K-1");
        for (int i = 0; i < 150; i++)
        {
            byte quality = i % 40 == 13 ? Quality.Uncertain : Quality.Good;
            double value = i == 5 ? 99 : i / 10.0;
            var expected = StoreBench.Of(StartOf(i), value, quality) with { Arrival = (StartOf(i) / 1_000_000) + 250 };
            Check(Of("temp", FieldType.Float), expected);
            Check(Of("pulses", FieldType.Integer), expected with { Bits = i * 3 });
            Check(Of("total", FieldType.Unsigned), expected with { Bits = i });
            Check(Of("on", FieldType.Boolean), expected with { Bits = i % 7 == 0 ? 1 : 0 });
            Check(Of("mode", FieldType.String), expected with { Bits = 0, Text = i % 50 < 25 ? "RUN" : "STOP" });
        }

        void Check(Field field, Sample expected) =>
            Assert.Equal(expected, Assert.Single(bench.Read(field, expected.Time, expected.Time + 1)));
    }

    private static long StartOf(int second) => 1_790_000_000_000_000_000 + (second * 1_000_000_000L);

    private static string DumpOf(string name)
    {
        using Stream dump = typeof(ProvenanceTests).Assembly.GetManifestResourceStream(name)!;
        return new StreamReader(dump).ReadToEnd();
    }
}
