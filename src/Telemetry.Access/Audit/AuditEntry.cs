using System.Text.Json.Serialization;

namespace Telemetry.Access;

/// <summary>One line of the audit log: what was done, and as whom.</summary>
/// <param name="Time">When.</param>
/// <param name="Event">
/// <c>connect</c>, <c>refuse</c>, <c>disconnect</c>, <c>deny_publish</c>, <c>deny_subscribe</c>, <c>withdraw</c>, and
/// the commands <c>add</c>, <c>rotate</c>, <c>revoke</c>; <c>redecode_begin</c>, <c>redecode</c>.
/// </param>
public sealed record AuditEntry(
    [property: JsonPropertyName("time")] DateTimeOffset Time,
    [property: JsonPropertyName("event")] string Event)
{
    /// <summary>Who did it: <c>cli</c> for a command; null for what a client did itself.</summary>
    [JsonPropertyName("who")]
    public string? Who { get; init; }

    /// <summary>The identity it was done as, or done to; null for an anonymous client.</summary>
    [JsonPropertyName("identity")]
    public string? Identity { get; init; }

    /// <summary>The client identifier as the client gave it.</summary>
    [JsonPropertyName("client")]
    public string? Client { get; init; }

    /// <summary>The peer's address.</summary>
    [JsonPropertyName("address")]
    public string? Address { get; init; }

    /// <summary>The topic name or filter that was denied.</summary>
    [JsonPropertyName("topic")]
    public string? Topic { get; init; }

    /// <summary>How it was let in, or why it was not; why it ended.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>What was decoded anew, and what came of it; null for any other event.</summary>
    [JsonPropertyName("redecode")]
    public RedecodeAudit? Redecode { get; init; }
}
