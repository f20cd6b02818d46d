using System.Buffers;
using System.Text;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Influx.Tests;

public sealed class LineProtocolWriterTests
{
    private readonly SeriesCatalogue _catalogue = new();
    private readonly PointBatch _batch = new();

    [Fact]
    public void Every_type_is_written_with_its_own_mark()
    {
        Check("m v=1.5 7", Float("v", 1.5));
        Check("m v=-0.1,w=3 7", Float("v", -0.1), Float("w", 3));
        Check("m i=-9223372036854775808i 7", ("i", FieldType.Integer, long.MinValue));
        Check("m u=18446744073709551615u 7", ("u", FieldType.Unsigned, -1));
        Check("m b=t,c=f 7", ("b", FieldType.Boolean, 1), ("c", FieldType.Boolean, 0));
    }

    [Fact]
    public void Separators_in_field_names_are_escaped()
    {
        Check("m a\\ b=1 7", Float("a b", 1));
        Check("m a\\,b\\=c=1 7", Float("a,b=c", 1));
        Check("m a\"b=1 7", Float("a\"b", 1));
        Check("m уурхай=1 7", Float("уурхай", 1));
    }

    [Fact]
    public void A_control_character_in_a_field_name_does_not_end_the_line() =>
        Check("m a\\ b\\ c=1 7", Float("a\nb\u007fc", 1));

    [Fact]
    public void Texts_escape_quotes_and_backslashes_and_nothing_else()
    {
        CheckText("plain", "plain");
        CheckText("", "");
        CheckText("say \"hi\"", "say \\\"hi\\\"");
        CheckText("C:\\x\\", "C:\\\\x\\\\");
        CheckText("two\nlines, a=b", "two\nlines, a=b");
    }

    [Fact]
    public void A_point_whose_names_hold_a_backslash_is_left_out_and_counted()
    {
        CheckLeftOut("m", "a\\b");
        CheckLeftOut("m", "");
        CheckLeftOut("m\\x", "v");
        CheckLeftOut("m,tag=a\\b", "v");
        CheckLeftOut("m,t\\g=a", "v");
    }

    [Fact]
    public void A_left_out_point_does_not_touch_its_neighbours()
    {
        Begin();
        Add("m", 1, Float("v", 1));
        Add("m", 2, Float("v", 1), Float("b\\ad", 1));
        Add("m,a=b", 3, Float("v", 2));
        var writer = new LineProtocolWriter(_catalogue);
        Assert.Equal("m v=1 1\nm,a=b v=2 3\n", Written(writer, out int lines));
        Assert.Equal((2, 1), (lines, writer.LeftOutCount));
    }

    [Fact]
    public void Writing_allocates_nothing_once_names_are_known()
    {
        Begin();
        for (int i = 0; i < 20; i++)
        {
            Add("m,asset=CR-201", i, Float("v", i * 0.1), ("n", FieldType.Integer, i), ("b", FieldType.Boolean, 1));
        }

        Field field = FieldOf("m", "text", FieldType.String);
        _batch.AddPoint(field.Series.Id, 1, PointFlags.None);
        _batch.AddSample(field.Id, FieldType.String, 192, _batch.AddText("say \"hi\""u8, isEscaped: false));
        var writer = new LineProtocolWriter(_catalogue);
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        long allocated = Allocation.Measure(() =>
        {
            output.ResetWrittenCount();
            writer.Write(_batch, output);
        });
        Assert.Equal(0, allocated);
    }

    private void CheckText(string text, string expected)
    {
        Begin();
        Field field = FieldOf("m", "text", FieldType.String);
        _batch.AddPoint(field.Series.Id, 7, PointFlags.None);
        _batch.AddSample(field.Id, FieldType.String, 192, _batch.AddText(Encoding.UTF8.GetBytes(text), false));
        Assert.Equal($"m text=\"{expected}\" 7\n", Written(new LineProtocolWriter(_catalogue), out _));
    }

    [Fact]
    public void A_stale_point_is_left_out_for_nobody_measured_it()
    {
        Begin();
        Field field = FieldOf("m", "v", FieldType.Float);
        _batch.AddPoint(field.Series.Id, 7, PointFlags.Stale);
        _batch.AddSample(field.Id, FieldType.Float, Quality.LastKnown, 0);
        Add("m", 8, Float("v", 2));
        var writer = new LineProtocolWriter(_catalogue);
        Assert.Equal("m v=2 8\n", Written(writer, out int lines));
        Assert.Equal((1, 0), (lines, writer.LeftOutCount));
    }

    private void CheckLeftOut(string series, string field)
    {
        Begin();
        Add(series, 7, Float(field, 1));
        var writer = new LineProtocolWriter(_catalogue);
        Assert.Equal("", Written(writer, out int lines));
        Assert.Equal((0, 1), (lines, writer.LeftOutCount));
    }

    private void Check(string expected, params (string Name, FieldType Type, long Bits)[] fields)
    {
        Begin();
        Add("m", 7, fields);
        Assert.Equal(expected + "\n", Written(new LineProtocolWriter(_catalogue), out int lines));
        Assert.Equal(1, lines);
    }

    private string Written(LineProtocolWriter writer, out int lines)
    {
        var output = new ArrayBufferWriter<byte>();
        lines = writer.Write(_batch, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static (string Name, FieldType Type, long Bits) Float(string name, double value) =>
        (name, FieldType.Float, BitConverter.DoubleToInt64Bits(value));

    private void Begin()
    {
        _batch.Reset();
        _batch.AddRecord(0, 0, 0);
    }

    private void Add(string series, long time, params (string Name, FieldType Type, long Bits)[] fields)
    {
        _batch.AddPoint(FieldOf(series, fields[0].Name, fields[0].Type).Series.Id, time, PointFlags.None);
        foreach ((string name, FieldType type, long bits) in fields)
        {
            _batch.AddSample(FieldOf(series, name, type).Id, type, 192, bits);
        }
    }

    private Field FieldOf(string series, string name, FieldType type)
    {
        _catalogue.TryIntern(Encoding.UTF8.GetBytes(series), name, type, out Field? field);
        return field!;
    }
}
