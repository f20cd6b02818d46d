namespace Telemetry.Ingestion.Tests;

public sealed class ArchiveHealthTests
{
    [Theory]
    [InlineData(null, HealthStatus.Pass, "")]
    [InlineData(
        "disk gone", HealthStatus.Warn,
        "messages leave the spool and are not archived, to be decoded anew: disk gone")]
    public void A_segment_that_could_not_be_archived_is_a_warning(string? fault, HealthStatus status, string message) =>
        Assert.Equal(new HealthCheck("archive", status, message), HealthReport.Archive(fault));
}
