using System.Buffers;
using System.Text;
using Telemetry.Model;
using Telemetry.Store.Export;

namespace Telemetry.Store.Tests.Export;

public sealed class SampleExportTests
{
    private const long Second = Timestamp.NanosecondsPerSecond;
    private const long Begin = 1_767_225_600 * Second; // 2026-01-01T00:00:00Z

    [Fact]
    public void A_row_per_sample_says_where_it_belongs_and_how_far_to_trust_it()
    {
        using var bench = new StoreBench();
        Field current = bench.Field("current", series: "CR1,area=200,asset=CR-201");
        bench.Append(current, Of(0, 91.5), Of(1_500_000_000, 92, Quality.Uncertain));
        Assert.Equal(
            """
            time,measurement,tags,field,value,unit,quality,arrival_time
            2026-01-01T00:00:00Z,CR1,"area=200,asset=CR-201",current,91.5,,192,1970-01-01T00:00:01Z
            2026-01-01T00:00:01.500Z,CR1,"area=200,asset=CR-201",current,92,,64,1970-01-01T00:00:01Z

            """,
            Export(bench, Request(ExportFormat.Csv, current)));
    }

    [Fact]
    public void A_wide_table_joins_by_time_and_leaves_cells_empty()
    {
        using var bench = new StoreBench();
        Field current = bench.Field("current", series: "CR1,asset=CR-201");
        Field state = bench.Field("state", FieldType.String, "CR1,asset=CR-201");
        Field free = bench.Field("t", series: "room,floor=2");
        bench.Append(current, Of(0, 1), Of(2 * Second, 2.25));
        bench.Append(state, new Sample(Begin + Second, 0, Quality.Good, "a \"b\", c"));
        bench.Append(free, Of(0, -3));
        Assert.Equal(
            """
            time,CR-201.current,CR-201.state,"room,floor=2.t"
            2026-01-01T00:00:00Z,1,,-3
            2026-01-01T00:00:01Z,,"a ""b"", c",
            2026-01-01T00:00:02Z,2.25,,

            """,
            Export(bench, Request(ExportFormat.Csv, current, state, free) with { IsWide = true }));
    }

    [Fact]
    public void Line_protocol_reads_back_as_the_same_samples()
    {
        using var bench = new StoreBench();
        Field number = bench.Field("a b", series: "m,x=1");
        Field whole = bench.Field("n", FieldType.Integer, "m,x=1");
        Field text = bench.Field("s", FieldType.String, "m,x=1");
        bench.Append(number, Of(0, 0.1));
        bench.Append(number, new Sample(Begin + 1, BitConverter.DoubleToInt64Bits(double.NaN), Quality.Good));
        bench.Append(whole, new Sample(Begin, long.MaxValue, Quality.Good));
        bench.Append(text, new Sample(Begin, 0, Quality.Good, "say \"hi\" \\"));
        Assert.Equal(
            """
            m,x=1 a\ b=0.1 1767225600000000000
            m,x=1 n=9223372036854775807i 1767225600000000000
            m,x=1 s="say \"hi\" \\" 1767225600000000000

            """,
            Export(bench, Request(ExportFormat.LineProtocol, number, whole, text)));
    }

    [Fact]
    public void Json_lines_have_numbers_as_numbers_and_what_is_none_as_text()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t", series: "m,asset=A");
        Field flag = bench.Field("on", FieldType.Boolean, "m,asset=A");
        bench.Append(field, Of(0, 1e-7), Of(1, double.PositiveInfinity));
        bench.Append(flag, new Sample(Begin, 1, Quality.Good));
        string[] lines = Export(bench, Request(ExportFormat.JsonLines, field, flag)).Split('\n');
        Assert.Contains("\"value\":1E-07,", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"value\":\"Infinity\"", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"value\":true", lines[2], StringComparison.Ordinal);
        Assert.Contains("\"tags\":{\"asset\":\"A\"}", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Local_times_carry_their_offset_over_the_hour_that_comes_twice()
    {
        using var bench = new StoreBench();
        Field field = bench.Field("t");
        long before = 1_474_642_800 * Second; // 2016-09-23T15:00Z: midnight in Ulaanbaatar, which is then set back
        bench.Append(
            field, StoreBench.Of(before - (1_800 * Second), 1), StoreBench.Of(before + (1_800 * Second), 2));
        ExportRequest request = new(
            [field], 0, long.MaxValue, ExportFormat.Csv, IsWide: true,
            TimeZoneInfo.FindSystemTimeZoneById("Asia/Ulaanbaatar"));
        Assert.Equal(
            """
            time,time_local,A.t
            2016-09-23T14:30:00Z,2016-09-23T23:30:00+09:00,1
            2016-09-23T15:30:00Z,2016-09-23T23:30:00+08:00,2

            """,
            Export(bench, request));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Many_samples_come_in_pieces_none_twice_and_none_left_out(bool isWide)
    {
        using var bench = new StoreBench();
        Field dense = bench.Field("dense");
        Field rare = bench.Field("rare");
        Sample[] samples = [.. Enumerable.Range(0, 150_000).Select(i => Of(i * 1_000_000L, i))];
        foreach (Sample[] some in samples.Chunk(1_000))
        {
            bench.Append(dense, some);
        }

        bench.Append(rare, Of(0, 1), Of(86_400 * Second, 2));
        ExportRequest request = Request(ExportFormat.Csv, dense, rare) with { IsWide = isWide, WithHeader = false };
        var export = new SampleExport(bench.Store, request);
        var output = new ArrayBufferWriter<byte>();
        int pieces = 0;
        while (export.WriteNext(output))
        {
            pieces++;
        }

        string[] lines = Encoding.UTF8.GetString(output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(isWide ? 150_001 : 150_002, lines.Length);
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.True(pieces > 5, $"{pieces} pieces");
    }

    private static Sample Of(long offset, double value, byte quality = Quality.Good) =>
        StoreBench.Of(Begin + offset, value, quality);

    private static ExportRequest Request(ExportFormat format, params Field[] fields) =>
        new(fields, 0, long.MaxValue, format, IsWide: false, Zone: null);

    private static string Export(StoreBench bench, ExportRequest request)
    {
        var export = new SampleExport(bench.Store, request);
        var output = new ArrayBufferWriter<byte>();
        export.WriteHeader(output);
        while (export.WriteNext(output))
        {
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
