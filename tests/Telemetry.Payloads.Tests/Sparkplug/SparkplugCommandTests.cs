namespace Telemetry.Payloads.Tests.Sparkplug;

public sealed class SparkplugCommandTests
{
    [Fact]
    public void A_request_for_births_is_one_metric_by_name_that_is_true_with_its_time_and_no_number()
    {
        const long Time = 1_700_000_000_000;
        SparkplugMaker metric = new SparkplugMaker().Text(1, "Node Control/Rebirth").Varint(4, 11).Varint(14, 1);
        byte[] expected = new SparkplugMaker().Varint(1, Time).Content(2, metric.Bytes).Bytes;
        byte[] request = SparkplugCommand.Rebirth(Time);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(request));
        Assert.True(SparkplugMessage.TryReadHeader(request, out SparkplugHeader header));
        Assert.Equal(new SparkplugHeader(-1, -1, (ulong)Time), header);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(long.MaxValue)]
    public void Any_time_can_be_read_again(long time)
    {
        Assert.True(SparkplugMessage.TryReadHeader(SparkplugCommand.Rebirth(time), out SparkplugHeader header));
        Assert.Equal((ulong)time, header.TimeMilliseconds);
    }
}
