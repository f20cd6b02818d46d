using System.Xml.Linq;

namespace Telemetry.Tidy.Tests;

/// <summary>The table of rooms in ARCHITECTURE.md, as far as project files show it.</summary>
public sealed class RoomTests
{
    /// <summary>
    /// Room → rooms it may reference. The walls Mqtt | Mqtt.Pipelines, Spool | Model, Detection | Alarms carry the
    /// design.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Buffers"] = [],
        ["Model"] = ["Buffers"],
        ["Mqtt"] = ["Buffers"],
        ["Mqtt.Pipelines"] = ["Mqtt", "Buffers"],
        ["Payloads"] = ["Model", "Buffers"],
        ["Recognition"] = ["Model", "Payloads", "Buffers"],
        ["Spool"] = ["Buffers"],
        ["Store"] = ["Model", "Buffers"],
        ["Influx"] = ["Model", "Buffers"],
        ["Access"] = ["Buffers", "Mqtt", "Mqtt.Pipelines", "Spool"],
        ["Detection"] = ["Model", "Buffers"],
        ["Rehearsal"] = ["Model", "Detection", "Alarms", "Store", "FirmwareSim"],
        ["Alarms"] = ["Model"],
        ["Site"] = ["Model", "Buffers"],
        ["Ingestion"] =
        [
            "Buffers", "Model", "Mqtt", "Mqtt.Pipelines", "Payloads", "Spool", "Store", "Influx", "Detection", "Alarms",
            "Site", "Recognition",
        ],
        ["Api"] = ["Model", "Buffers", "Store", "Alarms", "Detection", "Ingestion"],
        ["Service"] =
        [
            "Buffers", "Model", "Mqtt", "Mqtt.Pipelines", "Payloads", "Spool", "Store", "Influx", "Detection", "Alarms",
            "Site", "Access", "Ingestion", "Api", "FirmwareSim", "Rehearsal",
        ],
        ["FirmwareSim"] = ["Buffers", "Model", "Mqtt", "Site"],
        ["Fuzz"] = ["Buffers", "Mqtt", "Mqtt.Pipelines", "Testing"],
    };

    private static readonly string[] PureRooms =
        ["Buffers", "Model", "Mqtt", "Payloads", "Recognition", "Detection", "Alarms"];

    [Fact]
    public void Every_room_references_only_what_the_table_allows()
    {
        var complaints = new List<string>();
        foreach (string path in SourceTree.Files(".csproj").Where(IsRoom))
        {
            string room = NameOf(path);
            if (!MayReference.TryGetValue(room, out string[]? allowed))
            {
                complaints.Add($"{path}:1: error: no room '{room}' in the table, add it with what it may reference");
                continue;
            }

            complaints.AddRange(ReferencesOf(path).Except(allowed).Select(reference =>
                $"{path}:1: error: references '{reference}', use only {string.Join(", ", allowed)}"));
        }

        SourceTree.AssertNone(complaints);
    }

    [Fact]
    public void Pure_rooms_carry_the_ban_list_that_makes_law_L5_a_compiler_error()
    {
        SourceTree.AssertNone(PureRooms
            .Select(room => $"src/Telemetry.{room}/Telemetry.{room}.csproj")
            .Where(path => !SourceTree.Read(path).Contains("<PureRoom>true</PureRoom>", StringComparison.Ordinal))
            .Select(path => $"{path}:1: error: pure room without its ban list, use <PureRoom>true</PureRoom>"));
    }

    private static bool IsRoom(string path) =>
        new[] { "src/", "firmware-sim/", "tests/Telemetry.Fuzz/" }
            .Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

    private static IEnumerable<string> ReferencesOf(string path) =>
        XDocument.Parse(SourceTree.Read(path))
            .Descendants("ProjectReference")
            .Select(reference => NameOf(reference.Attribute("Include")!.Value));

    private static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["Telemetry.".Length..];
}
