namespace Telemetry.Spool.Tests;

public sealed class SpoolRecordTests
{
    [Fact]
    public void A_record_is_laid_out_as_the_format_page_draws_it()
    {
        byte[] record = new byte[SpoolRecord.Measure(3)];
        "abc"u8.CopyTo(record.AsSpan(SpoolRecord.HeaderBytes));
        SpoolRecord.Seal(record, kind: 0x11, lane: 0x0F, arrivalTime: 0x0102_0304_0506_0708);
        // length, checksum, kind, lane, reserved, arrival time, body
        Assert.Equal(
            "17000000" + "bdbe32b4" + "11" + "0f" + "0000" + "0807060504030201" + "616263",
            Convert.ToHexStringLower(record));
    }

    [Fact]
    public void A_view_gives_back_what_was_sealed()
    {
        byte[] record = RecordMaker.Numbered(number: 7, bodyBytes: 9, lane: 3);
        var view = new RecordView(1_000, record);
        Assert.Equal(1_000, view.Offset);
        Assert.Equal(1_029, view.NextOffset);
        Assert.Equal(1, view.Kind);
        Assert.Equal(3, view.Lane);
        Assert.Equal(7, view.ArrivalTime);
        Assert.Equal(9, view.Body.Length);
        Assert.Equal(7, RecordMaker.NumberOf(view.Body));
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        byte[] record = RecordMaker.Numbered(number: 5, bodyBytes: 40);
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(RecordCheck.Whole, SpoolRecord.Check(record, out _));
            record[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(RecordCheck.Whole, SpoolRecord.Check(record, out int bytes));
        Assert.Equal(record.Length, bytes);
    }

    [Fact]
    public void Every_cut_is_incomplete()
    {
        byte[] record = RecordMaker.Numbered(number: 5, bodyBytes: 40);
        for (int cut = 0; cut < record.Length; cut++)
        {
            Assert.Equal(RecordCheck.Incomplete, SpoolRecord.Check(record.AsSpan(0, cut), out _));
        }
    }

    [Fact]
    public void Zeros_are_no_record() =>
        Assert.Equal(RecordCheck.Malformed, SpoolRecord.Check(new byte[64], out _));

    [Fact]
    public void Only_whole_records_are_a_block()
    {
        byte[] block = [.. RecordMaker.Numbered(1, 4), .. RecordMaker.Numbered(2, 30), .. RecordMaker.Numbered(3, 5)];
        Assert.Equal(3, SpoolRecord.CountIn(block));
        Assert.Equal(0, SpoolRecord.CountIn([]));
        Assert.Equal(-1, SpoolRecord.CountIn(block.AsSpan(0, block.Length - 1)));
        Assert.Equal(-1, SpoolRecord.CountIn(block.AsSpan(1)));
    }

    [Fact]
    public void What_exceeds_the_ceilings_is_a_callers_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpoolRecord.Measure(SpoolRecord.RecordBytesMax));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpoolRecord.Measure(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpoolRecord.Seal(new byte[30], 1, SpoolRecord.LaneCount, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpoolRecord.Seal(new byte[19], 1, 0, 0));
    }
}
