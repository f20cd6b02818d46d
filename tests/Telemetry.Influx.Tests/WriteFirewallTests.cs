using System.Buffers;
using System.Text;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Influx.Tests;

public sealed class WriteFirewallTests
{
    private readonly SeriesCatalogue _catalogue = new();
    private readonly PointBatch _batch = new();
    private readonly ServerFieldTypes _types = new();
    private readonly ServerRetention _retention;
    private readonly HurriedTime _time = new();
    private readonly Listener _listener = new();

    public WriteFirewallTests()
    {
        _time.Advance(TimeSpan.FromDays(20_000));
        _retention = new ServerRetention(_time);
        _batch.Reset();
        _batch.AddRecord(0, 0, 0);
    }

    [Theory]
    [InlineData(InfluxApi.V1, "m", "time", "a field is called time")]
    [InlineData(InfluxApi.V3, "m", "time", "a field is called time")]
    [InlineData(InfluxApi.V1, "m,time=x", "v", "a tag is called time")]
    [InlineData(InfluxApi.VictoriaMetrics, "#m", "v", "comment")]
    [InlineData(InfluxApi.V1, "m", "a\\", "ends its process")]
    [InlineData(InfluxApi.V1, "m,t=a\\b", "v", "a tag holds a backslash")]
    [InlineData(InfluxApi.V1, "m\\", "v", "the measurement holds a backslash")]
    [InlineData(InfluxApi.V2, "m,_field=x", "v", "_field, which is reserved")]
    [InlineData(InfluxApi.V2, "m", "_measurement", "_measurement, which is reserved")]
    public void Names_that_hurt_a_server_are_withheld(InfluxApi api, string series, string field, string words)
    {
        Add(series, field, FieldType.Float, 0, time: 7);
        Add("beside", "v", FieldType.Float, 0, time: 8);

        Assert.Equal("beside v=0 8\n", Written(api));
        CheckOnly(series, 7L, SetApartReason.Name);
        Assert.Contains(words, _listener.Only.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_withheld()
    {
        _catalogue.TryIntern([(byte)'m', 0xFF], "v", FieldType.Float, out Field? field);
        _batch.AddPoint(field!.Series.Id, 7, PointFlags.None);
        _batch.AddSample(field.Id, FieldType.Float, 192, 0);
        Assert.Equal("", Written(InfluxApi.V1));
        Assert.Contains("poisons a shard", _listener.Only.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InfluxApi.V1, "m v=7i 1\n")]
    [InlineData(InfluxApi.V2, "m v=7u 1\nm v=18446744073709551615u 2\n")]
    public void Only_a_server_that_knows_them_is_sent_unsigned_integers(InfluxApi api, string expected)
    {
        Add("m", "v", FieldType.Unsigned, 7, time: 1);
        Add("m", "v", FieldType.Unsigned, -1, time: 2);
        Assert.Equal(expected, Written(api));
        Assert.Equal(api == InfluxApi.V1 ? 1 : 0, _listener.Told.Count);
    }

    [Fact]
    public void A_server_without_texts_is_sent_the_numbers_beside_them()
    {
        long text = _batch.AddText("two\nlines"u8, isEscaped: false);
        Add("m", "s", FieldType.String, text, time: 1);
        AddTo("m", "v", FieldType.Float, 0);
        AddTo("m", "t", FieldType.String, text);
        Add("m", "s", FieldType.String, text, time: 2);

        Assert.Equal("m v=0 1\n", Written(InfluxApi.VictoriaMetrics));
        CheckOnly("m", 2L, SetApartReason.Value);
        Assert.Equal("m s=\"two\nlines\",v=0,t=\"two\nlines\" 1\nm s=\"two\nlines\" 2\n", Written(InfluxApi.V1));
    }

    [Fact]
    public void Values_and_times_that_no_line_can_hold_are_withheld()
    {
        Add("m", "v", FieldType.Float, BitConverter.DoubleToInt64Bits(double.NaN), time: 1);
        Add("m", "v", FieldType.Float, BitConverter.DoubleToInt64Bits(double.NegativeInfinity), time: 2);
        Add("m", "s", FieldType.String, _batch.AddText([0xC3, 0x28], isEscaped: false), time: 3);
        Add("m", "v", FieldType.Float, 0, long.MaxValue);
        Add("m", "v", FieldType.Float, 0, long.MinValue + 1);
        Add("m", "v", FieldType.Float, 0, long.MinValue + 2);

        Assert.Equal("m v=0 -9223372036854775806\n", Written(InfluxApi.V2));
        Assert.Equal(
            [
                SetApartReason.Value, SetApartReason.Value, SetApartReason.Value, SetApartReason.Time,
                SetApartReason.Time,
            ],
            _listener.Told.Select(told => told.Reason));
    }

    [Fact]
    public void A_type_that_the_server_has_otherwise_is_withheld_until_it_is_forgotten()
    {
        Add("m,a=b", "v", FieldType.Float, 0, time: 1);
        Add("m", "w", FieldType.Float, 0, time: 2);
        LineProtocolWriter writer = NewWriter(InfluxApi.V1);
        Assert.Equal("m,a=b v=0 1\nm w=0 2\n", Written(writer));

        const long Day = 86_400_000_000_000;
        Assert.True(_types.Learn(new ServerFieldType("m", "v", FieldType.String, 100, "its words")));
        Assert.False(_types.Learn(new ServerFieldType("m", "v", FieldType.String, 200, "its words again")));
        Assert.Equal("m w=0 2\n", Written(writer));
        Assert.Equal(("m,a=b", 1L, SetApartReason.TypeConflict, "its words"), _listener.Only);

        Assert.False(_types.Forget(100 + Day - 1));
        Assert.True(_types.Forget(100 + Day));
        Assert.Equal("m,a=b v=0 1\nm w=0 2\n", Written(writer));
    }

    [Fact]
    public void The_type_that_the_server_has_is_no_conflict_when_it_is_what_is_sent()
    {
        Add("m", "v", FieldType.Unsigned, 1, time: 1);
        _types.Learn(new ServerFieldType("m", "v", FieldType.Integer, 0, ""));
        Assert.Equal("m v=1i 1\n", Written(InfluxApi.V1));
        Assert.Equal("", Written(InfluxApi.V2));
    }

    [Fact]
    public void Fields_are_learnt_up_to_a_ceiling()
    {
        for (int i = 0; i < ServerFieldTypes.CountMax; i++)
        {
            Assert.True(_types.Learn(new ServerFieldType("m", $"f{i}", FieldType.Float, 0, "")));
        }

        Assert.False(_types.Learn(new ServerFieldType("m", "more", FieldType.Float, 0, "")));
        Assert.True(_types.Learn(new ServerFieldType("m", "f0", FieldType.String, 0, "")));
        Assert.Equal(ServerFieldTypes.CountMax, _types.All.Count);
    }

    [Fact]
    public void What_is_older_than_the_server_keeps_is_withheld()
    {
        _retention.Learn(TimeSpan.FromDays(30));
        _retention.NoteServerTime(_time.GetUtcNow());
        long oldest = Timestamp.From(_time.GetUtcNow().AddDays(-30).AddHours(-1));
        Add("m", "v", FieldType.Float, 0, oldest);
        Add("m", "v", FieldType.Float, 0, oldest - 1);
        Assert.Equal($"m v=0 {oldest}\n", Written(InfluxApi.V1));
        CheckOnly("m", oldest - 1, SetApartReason.BeyondRetention);
    }

    [Theory]
    [InlineData(InfluxPrecision.Us, "m v=0 1700000000123456\nm v=0 -1\n")]
    [InlineData(InfluxPrecision.Ms, "m v=0 1700000000123\nm v=0 -1\n")]
    [InlineData(InfluxPrecision.S, "m v=0 1700000000\nm v=0 -1\n")]
    public void Times_are_cut_to_the_precision(InfluxPrecision precision, string expected)
    {
        Add("m", "v", FieldType.Float, 0, 1_700_000_000_123_456_789);
        Add("m", "v", FieldType.Float, 0, -1);
        Assert.Equal(expected, Written(NewWriter(InfluxApi.V1, precision)));
    }

    private void CheckOnly(string series, long time, SetApartReason reason)
    {
        (string foundSeries, long foundTime, SetApartReason foundReason, _) = _listener.Only;
        Assert.Equal((series, time, reason), (foundSeries, foundTime, foundReason));
    }

    private string Written(InfluxApi api) => Written(NewWriter(api));

    private string Written(LineProtocolWriter writer)
    {
        _listener.Told.Clear();
        long before = writer.LeftOutCount;
        var output = new ArrayBufferWriter<byte>();
        writer.Write(_batch, output);
        Assert.Equal(_listener.Told.Count, writer.LeftOutCount - before);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private LineProtocolWriter NewWriter(InfluxApi api, InfluxPrecision precision = InfluxPrecision.Ns) =>
        new(_catalogue, new WriteFirewall(api, _types, _retention, _listener), precision);

    private void Add(string series, string field, FieldType type, long bits, long time)
    {
        _catalogue.TryIntern(Encoding.UTF8.GetBytes(series), field, type, out Field? known);
        _batch.AddPoint(known!.Series.Id, time, PointFlags.None);
        _batch.AddSample(known.Id, type, 192, bits);
    }

    private void AddTo(string series, string field, FieldType type, long bits)
    {
        _catalogue.TryIntern(Encoding.UTF8.GetBytes(series), field, type, out Field? known);
        _batch.AddSample(known!.Id, type, 192, bits);
    }

    private sealed class Listener : IWithheldListener
    {
        public List<(string Series, long Time, SetApartReason Reason, string Words)> Told { get; } = [];

        public (string Series, long Time, SetApartReason Reason, string Words) Only => Assert.Single(Told);

        public void OnWithheld(ReadOnlySpan<byte> series, long time, SetApartReason reason, string words) =>
            Told.Add((Encoding.UTF8.GetString(series), time, reason, words));
    }
}
