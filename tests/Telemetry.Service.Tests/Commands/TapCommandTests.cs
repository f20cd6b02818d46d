using System.Text.Json;
using Telemetry.Api;

namespace Telemetry.Service.Tests.Commands;

public sealed class TapCommandTests
{
    [Theory]
    [InlineData(null, "1970-01-01T00:00:01.500Z  CR-201.motor_current = 87.5")]
    [InlineData((byte)64, "1970-01-01T00:00:01.500Z  CR-201.motor_current = 87.5  quality 64 (uncertain)")]
    [InlineData((byte)24, "1970-01-01T00:00:01.500Z  CR-201.motor_current = 87.5  quality 24 (bad)")]
    [InlineData((byte)216, "1970-01-01T00:00:01.500Z  CR-201.motor_current = 87.5  quality 216 (good)")]
    public void A_line_tells_a_quality_that_is_not_plainly_good(byte? quality, string line)
    {
        var sample = new LiveSample("CR-201.motor_current", 1_500, 87.5, quality);
        Assert.Equal(line, TapCommand.TextOf(JsonSerializer.SerializeToElement(sample, JsonSerializerOptions.Web)));
    }

    [Fact]
    public void A_plainly_good_sample_is_sent_without_its_quality() => Assert.Equal(
        """{"signal":"a","timeMilliseconds":1,"value":2}""",
        JsonSerializer.Serialize(new LiveSample("a", 1, 2), JsonSerializerOptions.Web));
}
