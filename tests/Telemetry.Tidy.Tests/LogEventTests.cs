using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Tidy.Tests;

/// <summary>Log event ids: unique in the product, and inside their room's block of a hundred.</summary>
public sealed partial class LogEventTests
{
    private static readonly Dictionary<string, int> Blocks = new()
    {
        ["Spool"] = 1000,
        ["Store"] = 1100,
        ["Influx"] = 1200,
        ["Mqtt.Pipelines"] = 1300,
        ["Ingestion"] = 1400,
        ["Api"] = 1500,
        ["Service"] = 1600,
        ["FirmwareSim"] = 1700,
        ["Site"] = 1800,
        ["Access"] = 1900,
    };

    [Fact]
    public void Event_ids_are_unique_and_inside_their_rooms_block()
    {
        var seen = new Dictionary<int, string>();
        var complaints = new List<string>();
        foreach (string path in SourceTree.Files("Log.cs").Where(IsProduct))
        {
            string room = RoomPattern().Match(path).Groups[1].Value;
            foreach (Match match in EventPattern().Matches(SourceTree.Read(path)))
            {
                int id = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
                if (!seen.TryAdd(id, path))
                {
                    complaints.Add($"{path}: error: event id {id} is used in {seen[id]} too, use the next free one");
                }

                if (!Blocks.TryGetValue(room, out int block) || id < block || id >= block + 100)
                {
                    complaints.Add($"{path}: error: event id {id} is outside the block of room '{room}'");
                }
            }
        }

        SourceTree.AssertNone(complaints);
        Assert.NotEmpty(seen);
    }

    private static bool IsProduct(string path) => !path.StartsWith("tests/", StringComparison.Ordinal);

    [GeneratedRegex(@"Telemetry\.([A-Za-z.]+)/")]
    private static partial Regex RoomPattern();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex EventPattern();
}
