using System.Text.Json.Serialization;

namespace Telemetry.Access;

/// <summary>What was decoded anew, and what came of it.</summary>
/// <param name="From">Messages that arrived at or after.</param>
/// <param name="To">Messages that arrived before.</param>
/// <param name="Gateway">Of which gateway; null: of all.</param>
/// <param name="Messages">Messages that were decoded.</param>
/// <param name="Changed">Samples that were written over others.</param>
/// <param name="Added">Samples that were written where there was none.</param>
/// <param name="LeftBehind">Samples that stay under names or times that no message gives any more.</param>
/// <param name="Failed">Messages that could not be decoded whole.</param>
/// <param name="SitesThen">Hashes of the sites by which they were decoded when they came.</param>
/// <param name="SiteNow">Hash of the site by which they were decoded now.</param>
/// <param name="Error">Why it ended before its time; null when it did not.</param>
public sealed record RedecodeAudit(
    [property: JsonPropertyName("from")] DateTimeOffset From,
    [property: JsonPropertyName("to")] DateTimeOffset To,
    [property: JsonPropertyName("gateway")] string? Gateway,
    [property: JsonPropertyName("messages")] long Messages,
    [property: JsonPropertyName("changed")] long Changed,
    [property: JsonPropertyName("added")] long Added,
    [property: JsonPropertyName("left_behind")] long LeftBehind,
    [property: JsonPropertyName("failed")] long Failed,
    [property: JsonPropertyName("sites_then")] IReadOnlyList<string> SitesThen,
    [property: JsonPropertyName("site_now")] string SiteNow,
    [property: JsonPropertyName("error")] string? Error);
