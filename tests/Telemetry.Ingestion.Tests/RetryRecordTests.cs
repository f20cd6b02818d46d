using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

public sealed class RetryRecordTests
{
    [Fact]
    public void It_gives_back_what_was_put_in()
    {
        byte[] record = RetryRecord.Write(7, 9, RecordKind.HttpWrite, "body"u8, lane: 3, now: 11);
        RetryRecord read = RetryRecord.Read(record.AsSpan(SpoolRecord.HeaderBytes));
        Assert.Equal(
            (7, 9, RecordKind.HttpWrite, "body"),
            (read.Id, read.ArrivalTime, read.Kind, SmallMine.Text(read.Message)));
    }

    [Fact]
    public void Its_bytes_are_those_of_its_page()
    {
        byte[] record = RetryRecord.Write(0x0102, 0x0304, RecordKind.Publish, [0xAA], lane: 0, now: 0);
        string body = Convert.ToHexString(record.AsSpan(SpoolRecord.HeaderBytes));
        Assert.Equal("02010000000000000403000000000000" + "01" + "AA", body);
    }

    [Fact]
    public void A_body_that_is_too_short_is_a_bug()
    {
        var cause = Assert.Throws<InvalidDataException>(() => RetryRecord.Read(new byte[16]));
        Assert.Equal("BUG: cannot read retry record: expected at least 17 bytes, found 16", cause.Message);
    }
}
