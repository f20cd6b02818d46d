using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Csv;

public sealed class CsvDecoderTests
{
    private static readonly CsvMapping Logger = new()
    {
        Columns = ["device", "time", "temp", "", "current", "state"],
        Time = "time",
        Quality = "state",
        Tags = ["device"],
        ZoneMinutes = 480,
    };

    [Theory]
    [InlineData("1.5,2,-3e1", "value_0=f:1.5|value_1=f:2|value_2=f:-30|@-")]
    [InlineData("1.5;2", "value_0=f:1.5|value_1=f:2|@-")]
    [InlineData("1,5\t2", "value_1=f:2|@-")] // the tab parts; 1,5 is no number without a mapping that says so
    [InlineData("21.5", "value_0=f:21.5|@-")]
    [InlineData("true,false", "value_0=b:1|value_1=b:0|@-")]
    [InlineData("a,,3", "value_2=f:3|@-")]
    [InlineData(" 1 , 2 \r\n", "value_0=f:1|value_1=f:2|@-")]
    [InlineData("\uFEFF1,2", "value_0=f:1|value_1=f:2|@-")]
    [InlineData("\"1\",\"2\"", "value_0=f:1|value_1=f:2|@-")]
    [InlineData("2026-01-15T00:00:00Z,7", "value_1=f:7|@1768435200000000000")]
    [InlineData("1768435200,7", "value_0=f:1768435200|value_1=f:7|@-")] // a counter may look like that
    public void Without_a_mapping_cells_are_called_by_their_place(string payload, string expected) =>
        Check(null, payload, expected);

    [Theory]
    [InlineData("G1,2026-01-15 08:00:00,23.5,x,6,OK", ",device=G1", "temp=f:23.5|current=f:6|@1768435200000000000")]
    [InlineData("G1,2026-01-15T00:00:00Z,2,x,6,OK", ",device=G1", "temp=f:2|current=f:6|@1768435200000000000")]
    [InlineData("G1,1768435200,2,x,6,OK", ",device=G1", "temp=f:2|current=f:6|@1768435200000000000")]
    [InlineData("\"G 1\",,23.5,x,,Bad", ",device=G\\ 1", "temp=f:23.5(q0)|@-")]
    [InlineData(",,open,x,true,", "", "temp=words|current=b:1|@-")]
    public void A_mapping_says_what_the_cells_are(string payload, string tags, string fields) =>
        Check(Logger, payload, (tags.Length > 0 ? $"{{plant,gateway=gw7{tags}}}" : "") + fields);

    [Fact]
    public void Lines_are_points_and_a_bad_one_costs_itself()
    {
        Check(
            Logger,
            "GW01,2026-01-15 08:00:00,1,,2,OK\nGW01,2026-01-15 08:00:01,1,,2\nGW01,8 o'clock,1,,2,OK\n"
            + "GW02,2026-01-15 08:00:03,3,,4,OK\n",
            [
                "{plant,gateway=gw7,device=GW01}temp=f:1|current=f:2|@1768435200000000000",
                "{plant,gateway=gw7,device=GW02}temp=f:3|current=f:4|@1768435203000000000",
            ],
            DecodeStatus.Faulted,
            new PayloadFault(FaultReason.CellCountDiffers, 33, 2));
    }

    [Theory]
    [InlineData("1,\"2", FaultReason.UnbalancedQuotes, 0)]
    [InlineData("1,\"2\"3", FaultReason.UnbalancedQuotes, 0)]
    public void A_quote_without_its_end_refuses_the_rest(string payload, FaultReason reason, int offset)
    {
        Check(null, payload + "\n4,5", [], DecodeStatus.Faulted, new PayloadFault(reason, offset, 1));
    }

    [Theory]
    [InlineData("2026-01-15 08:00:00", FaultReason.TimeWithoutZone)]
    [InlineData("2026-13-15 08:00:00Z", FaultReason.InvalidTime)]
    [InlineData("soon", FaultReason.InvalidTime)]
    [InlineData("12", FaultReason.InvalidTime)] // no plausible time in any unit
    public void A_time_that_cannot_be_read_refuses_the_line(string time, FaultReason reason)
    {
        var mapping = new CsvMapping { Columns = ["a", "t"], Time = "t" };
        Check(mapping, $"1,{time}", [], DecodeStatus.Faulted, new PayloadFault(reason, 2, 1));
    }

    [Fact]
    public void A_precision_takes_any_number_and_a_header_is_passed_over()
    {
        var mapping = new CsvMapping
        {
            Columns = ["t", "a"],
            Time = "t",
            HasHeader = true,
            HasDecimalComma = true,
            Delimiter = ';',
            Precision = TimePrecision.Milliseconds,
        };
        Check(mapping, "zeit;temp;unit\n12;-1,25\n", "a=f:-1.25|@12000000");
        Check(mapping, "zeit;temp\n", [], DecodeStatus.NotAMeasurement, default);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\n")]
    [InlineData("hello,world")]
    public void A_payload_without_a_value_is_not_a_measurement(string payload) =>
        Check(null, payload, [], DecodeStatus.NotAMeasurement, default);

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        var recorder = new PointRecorder();
        DecodeStatus status = new CsvDecoder().Decode(
            [0x31, 0xFF], new DecodeContext { Series = "m"u8 }, ref recorder, out PayloadFault fault);
        Assert.Equal((DecodeStatus.Faulted, FaultReason.InvalidUtf8, 1), (status, fault.Reason, fault.Offset));
    }

    [Fact]
    public void Every_cut_has_an_answer() => DecoderCheck.CheckEveryCut(
        new CsvDecoder(Logger), "GW01,2026-01-15 08:00:00,\"2\"\"3\",x,61.2,OK\nGW02,,1,2,3,4\n"u8.ToArray());

    [Fact]
    public void Damage_costs_no_exception_and_no_allocation()
    {
        byte[] payload = "GW01,2026-01-15 08:00:00,23.5,x,61.2,OK\n\"GW,2\",1768435200,1,,60,Bad\n"u8.ToArray();
        var decoder = new CsvDecoder(Logger);
        MutationRun.Check([payload], [decoder], ",;\t\"\n\r 0123456789.-+eTZ:x\uFEFF"u8.ToArray());
        DecodeAllocation.Check(decoder, payload, expectedSamples: 4);
    }

    private static void Check(CsvMapping? mapping, string payload, string expected) =>
        Check(mapping, payload, [expected], DecodeStatus.Decoded, default);

    private static void Check(
        CsvMapping? mapping, string payload, string[] points, DecodeStatus expected, PayloadFault expectedFault)
    {
        var recorder = new PointRecorder(DecoderCheck.RouteSeries);
        var context = new DecodeContext { Series = Encoding.UTF8.GetBytes(DecoderCheck.RouteSeries) };
        DecodeStatus status = new CsvDecoder(mapping).Decode(
            Encoding.UTF8.GetBytes(payload), context, ref recorder, out PayloadFault fault);
        Assert.Equal(points, recorder.Points);
        Assert.Equal(expectedFault, fault);
        Assert.Equal(expected, status);
    }
}
