using System.Globalization;
using Telemetry.Api;
using Telemetry.Testing;

namespace Telemetry.Service.Tests.Composition;

/// <summary>What <c>/limits</c> shows with default settings is what docs/operations/limits.md says.</summary>
public sealed class LimitTableTests
{
    private const string Document = "docs/operations/limits.md";

    private static readonly IReadOnlyList<LimitView> Shown = ShownBy(new ServiceOptions());

    [Fact]
    public void Every_ceiling_shown_has_its_row_and_every_row_is_shown()
    {
        string[] documented = [.. Rows().Select(row => row.Spans(0)[0])];

        Assert.Equal(Shown.Select(limit => limit.Name).Order(), documented.Order());
    }

    [Fact]
    public void The_values_are_those_of_the_default_settings()
    {
        Dictionary<string, double> shown = Shown.ToDictionary(limit => limit.Name, limit => limit.Value);

        Assert.All(Rows(), row => Assert.Equal((row.Place, shown[row.Spans(0)[0]]), (row.Place, ValueOf(row))));
    }

    [Fact]
    public void Settings_stand_under_settings_and_constants_under_constants()
    {
        Assert.All(Rows(), row => Assert.Equal(row.Section == "Settings", row.Spans(0)[0].Contains(':')));
    }

    [Fact]
    public void What_is_shown_follows_the_settings()
    {
        var options = new ServiceOptions();
        options.Mqtt.ConnectionsMax = options.Mqtt.SessionsMax = options.Mqtt.ReceiveMaximum = 7;
        options.Mqtt.PacketBytesMax = options.Http.WriteBytesMax = options.Http.QueryRowsMax = 7;
        options.Mqtt.SessionExpirySecondsMax = 7;
        options.Mqtt.BytesPerSecondMax = options.Mqtt.MessagesPerSecondMax = 7;
        options.Http.QuerySecondsMax = options.Spool.BytesMax = options.Spool.SegmentBytes = 7;
        options.Spool.ArchiveBytesMax = 7;

        Assert.All(
            ShownBy(options).Where(limit => limit.Name.Contains(':')),
            limit => Assert.Equal((limit.Name, 7), (limit.Name, limit.Value)));
    }

    private static IReadOnlyList<LimitView> ShownBy(ServiceOptions options) =>
        LimitTable.Of(options, options.Mqtt.ForServer());

    private static DocumentRow[] Rows() =>
        [.. DocumentRow.ReadAll(Document).Where(row => row.Section is "Settings" or "Constants at /limits")];

    private static double ValueOf(DocumentRow row)
    {
        string[] words = row.Columns[1].Split(' ');
        double unit = words.ElementAtOrDefault(1) switch
        {
            "MiB" => 1024 * 1024,
            "days" => 86_400,
            _ => 1,
        };
        return unit * double.Parse(words[0], NumberStyles.Number, CultureInfo.InvariantCulture);
    }
}
