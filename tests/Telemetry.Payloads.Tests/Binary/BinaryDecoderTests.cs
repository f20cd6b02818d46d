using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Binary;

public sealed class BinaryDecoderTests
{
    private const bool Big = false;
    private const bool Little = true;

    [Theory]
    [InlineData(BinaryType.U8, "FE", 254)]
    [InlineData(BinaryType.I8, "FE", -2)]
    [InlineData(BinaryType.U16, "FF38", 65_336)]
    [InlineData(BinaryType.I16, "FF38", -200)]
    [InlineData(BinaryType.U24, "800001", 8_388_609)]
    [InlineData(BinaryType.I24, "FFFFFE", -2)]
    [InlineData(BinaryType.U32, "FFFFFFFE", 4_294_967_294)]
    [InlineData(BinaryType.I32, "FFFFFFFE", -2)]
    [InlineData(BinaryType.U64, "0020000000000000", 9_007_199_254_740_992)]
    [InlineData(BinaryType.I64, "FFFFFFFFFFFFFFFE", -2)]
    [InlineData(BinaryType.F32, "429B3333", 77.5999984741211)]
    [InlineData(BinaryType.F64, "4053666666666666", 77.6)]
    public void Reads_each_type(BinaryType type, string hex, double expected)
    {
        Check(Layout(Field("v", 0, type)), hex, Given(("v", expected)));
        byte[] bytes = Convert.FromHexString(hex);
        Array.Reverse(bytes);
        Check(Layout(Field("v", 0, type, Little)), Convert.ToHexString(bytes), Given(("v", expected)));
    }

    [Theory]
    [InlineData("01020304", Big, false)] // the four orders in which Modbus devices send two registers
    [InlineData("04030201", Little, false)]
    [InlineData("03040102", Big, true)]
    [InlineData("02010403", Little, true)]
    public void Reads_words_in_each_order(string hex, bool isLittle, bool isSwapped)
    {
        BinaryField field = Field("v", 0, BinaryType.U32, isLittle, isSwapped);
        Check(Layout(field), hex, Given(("v", 0x01020304)));
    }

    [Fact]
    public void Four_words_are_turned_as_two_are()
    {
        BinaryField field = Field("v", 0, BinaryType.U64, Big, isSwapped: true);
        Check(Layout(field), "0708050603040102", Given(("v", 0x0102030405060708)));
    }

    [Fact]
    public void Scale_and_offset_make_the_value_and_a_bit_is_a_truth_value()
    {
        BinaryLayout layout = Layout(
            Field("temp", 0, BinaryType.U16) with { Scale = 0.5, Offset = -40 },
            Field("running", 2, BinaryType.U8) with { Bit = 7 },
            Field("local", 2, BinaryType.U8) with { Bit = 0 });
        Check(layout, "00C980", "temp=f:60.5|running=b:1|local=b:0|@-");
    }

    [Theory]
    [InlineData("FFFF" + "7FC00000" + "05", "c=f:5|@-")] // no reading, and not a number
    [InlineData("FFFF" + "7F800000" + "05", "c=f:5|@-")]
    [InlineData("0000" + "00000000" + "05", "a=f:0|b=f:0|c=f:5|@-")]
    public void What_is_no_reading_gives_no_value(string hex, string expected)
    {
        BinaryLayout layout = Layout(
            Field("a", 0, BinaryType.U16) with { Invalid = 65_535 },
            Field("b", 2, BinaryType.F32),
            Field("c", 6, BinaryType.U8));
        Check(layout, hex, expected);
    }

    [Fact]
    public void A_record_without_any_reading_is_not_a_measurement()
    {
        BinaryLayout layout = Layout(Field("a", 0, BinaryType.U8) with { Invalid = 255 });
        Check(layout, "FF", [], DecodeStatus.NotAMeasurement, default);
        Check(layout, "", [], DecodeStatus.NotAMeasurement, default);
    }

    [Theory]
    [InlineData(BinaryChecksum.Sum8, "DD")]
    [InlineData(BinaryChecksum.Xor8, "31")]
    [InlineData(BinaryChecksum.Crc16Modbus, "374B")] // 0x4B37, low byte first
    [InlineData(BinaryChecksum.Crc16Ccitt, "29B1")]
    [InlineData(BinaryChecksum.Crc32, "2639F4CB")] // 0xCBF43926
    public void Each_checksum_is_that_of_its_catalogue(BinaryChecksum checksum, string sum)
    {
        const string Digits = "313233343536373839"; // "123456789", over which CRC catalogues state their check value
        int bytes = (Digits.Length + sum.Length) / 2;
        BinaryLayout layout = Layout(Field("a", 0, BinaryType.U8)) with { RecordBytes = bytes, Checksum = checksum };
        Check(layout, Digits + sum, Given(("a", 49)));
        Check(
            layout,
            "32" + Digits[2..] + sum,
            [],
            DecodeStatus.Faulted,
            new PayloadFault(FaultReason.ChecksumDiffers, 0, 1));
    }

    [Fact]
    public void Several_records_are_points_and_a_broken_one_costs_itself()
    {
        BinaryLayout layout = Layout(Field("a", 4, BinaryType.U8)) with
        {
            RecordBytes = 6,
            Repeats = true,
            Checksum = BinaryChecksum.Sum8,
            Time = new BinaryPlace(0, BinaryType.U32, Big, false),
        };
        Check(
            layout,
            "0000000A" + "010B" + "0000000B" + "02FF" + "00000000" + "0303",
            ["a=f:1|@10000000000", "a=f:3|@-"], // the last clock was never set
            DecodeStatus.Faulted,
            new PayloadFault(FaultReason.ChecksumDiffers, 6, 1));
    }

    [Theory]
    [InlineData(BinaryType.U32, TimePrecision.Seconds, "69677B00", 1_768_389_376_000_000_000)]
    [InlineData(BinaryType.I64, TimePrecision.Milliseconds, "0000019BBBC80C00", 1_768_382_008_320_000_000)]
    [InlineData(BinaryType.U64, TimePrecision.Nanoseconds, "188A9C5A3D2E0001", 1_768_397_715_083_755_521)]
    public void Times_are_exact_in_their_unit(BinaryType type, TimePrecision precision, string hex, long expected)
    {
        BinaryLayout layout = Layout(Field("a", 0, BinaryType.U8)) with
        {
            RecordBytes = hex.Length / 2,
            Time = new BinaryPlace(0, type, Big, false),
            Precision = precision,
        };
        byte first = Convert.FromHexString(hex)[0];
        Check(layout, hex, $"a=f:{first}|@{expected}");
    }

    [Theory]
    [InlineData(BinaryType.U64, "FFFFFFFFFFFFFFFF")]
    [InlineData(BinaryType.F64, "7FEFFFFFFFFFFFFF")]
    [InlineData(BinaryType.F64, "7FF8000000000000")]
    public void A_time_that_is_none_refuses_the_record(BinaryType type, string hex)
    {
        BinaryLayout layout = Layout(Field("a", 0, BinaryType.U8)) with
        {
            RecordBytes = 8,
            Time = new BinaryPlace(0, type, Big, false),
        };
        Check(layout, hex, [], DecodeStatus.Faulted, new PayloadFault(FaultReason.TimeOutOfRange, 0, 1));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(3, true)]
    public void A_payload_of_another_length_gives_nothing(int bytes, bool repeats)
    {
        BinaryLayout layout = Layout(Field("a", 0, BinaryType.U16)) with { Repeats = repeats };
        Check(
            layout,
            new string('0', bytes * 2),
            [],
            DecodeStatus.Faulted,
            new PayloadFault(FaultReason.LengthDiffers, bytes, 1));
    }

    [Fact]
    public void Damaged_records_neither_throw_nor_allocate()
    {
        BinaryLayout layout = Layout(Field("a", 4, BinaryType.I16), Field("b", 6, BinaryType.F32)) with
        {
            RecordBytes = 10,
            Repeats = true,
            Time = new BinaryPlace(0, BinaryType.U32, Big, false),
        };
        byte[][] seeds = [Convert.FromHexString("69677B00" + "FF38" + "429B3333"), new byte[20]];
        BinaryDecoder[] decoders = [new(layout), new(layout with { Checksum = BinaryChecksum.Sum8 })];
        MutationRun.Check(seeds, decoders, [0, 1, 0x7F, 0x80, 0xFF]);
    }

    [Fact]
    public void A_message_costs_no_allocation()
    {
        BinaryLayout layout = Layout(Field("a", 0, BinaryType.U16), Field("b", 2, BinaryType.F32)) with
        {
            RecordBytes = 8,
            Checksum = BinaryChecksum.Crc16Modbus,
        };
        DecodeAllocation.Check(
            new BinaryDecoder(layout with { Checksum = BinaryChecksum.None }), new byte[8], expectedSamples: 2);
        DecodeAllocation.Check(new BinaryDecoder(layout), new byte[8], expectedSamples: 0); // refused
    }

    private static BinaryLayout Layout(params BinaryField[] fields) => new()
    {
        RecordBytes = fields.Max(field => field.Place.At + field.Place.Bytes),
        Fields = fields,
    };

    private static BinaryField Field(
        string name, int at, BinaryType type, bool isLittle = Big, bool isSwapped = false) =>
        new() { Name = name, Place = new BinaryPlace(at, type, isLittle, isSwapped) };

    private static string Given((string Name, double Value) field) =>
        FormattableString.Invariant($"{field.Name}=f:{field.Value:R}|@-");

    private static void Check(BinaryLayout layout, string hex, string expected) =>
        Check(layout, hex, [expected], DecodeStatus.Decoded, default);

    private static void Check(
        BinaryLayout layout, string hex, string[] points, DecodeStatus expected, PayloadFault expectedFault)
    {
        var recorder = new PointRecorder(DecoderCheck.RouteSeries);
        var context = new DecodeContext { Series = System.Text.Encoding.UTF8.GetBytes(DecoderCheck.RouteSeries) };
        DecodeStatus status = new BinaryDecoder(layout).Decode(
            Convert.FromHexString(hex), context, ref recorder, out PayloadFault fault);
        Assert.Equal(points, recorder.Points);
        Assert.Equal(expectedFault, fault);
        Assert.Equal(expected, status);
    }
}
