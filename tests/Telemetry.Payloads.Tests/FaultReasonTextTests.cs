namespace Telemetry.Payloads.Tests;

public sealed class FaultReasonTextTests
{
    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        FaultReason[] reasons = Enum.GetValues<FaultReason>();
        Assert.Equal(reasons.Length, reasons.Select(FaultReasonText.Of).Distinct().Count());
        Assert.DoesNotContain("", reasons.Select(FaultReasonText.Of));
    }

    [Fact]
    public void A_line_is_reported_as_InfluxDB_does() =>
        Assert.Equal(
            "unable to parse 'cpu': missing fields", FaultReasonText.OfLine("cpu"u8, FaultReason.MissingFields));
}
