using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Ingestion;

/// <summary>Which quarantined messages are meant; what is null or empty lets all pass.</summary>
public sealed record QuarantineFilter
{
    /// <summary>MQTT topic filter (MQTT 5.0 §4.7).</summary>
    public string Topic { get; init; } = "";

    /// <summary>Client identifier or gateway key.</summary>
    public string Client { get; init; } = "";

    /// <summary>Name of the reason, as <see cref="QuarantineEntry.Code"/> has it.</summary>
    public string Code { get; init; } = "";

    /// <summary>Arrived at or after, nanoseconds since 1970.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>Arrived before, nanoseconds since 1970.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>Where it stands.</summary>
    public QuarantineState? State { get; init; }

    /// <summary>True when the topic filter is one, or there is none.</summary>
    public bool IsValid => Topic.Length == 0 || TopicFilter.IsValid(Encoding.UTF8.GetBytes(Topic));

    /// <summary>True when the message passes; its state is judged by whoever knows it.</summary>
    internal bool Takes(in KeptMessage kept)
    {
        MessageRecord message = kept.Message;
        return kept.ArrivalTime >= From
            && kept.ArrivalTime < To
            && (Code.Length == 0 || Code.Equals(kept.Verdict.Reason.ToString(), StringComparison.OrdinalIgnoreCase))
            && (Client.Length == 0 || Is(message.Client, Client) || Is(message.Gateway, Client))
            && (Topic.Length == 0 || TopicFilter.Matches(Encoding.UTF8.GetBytes(Topic), message.Topic));
    }

    private static bool Is(ReadOnlySpan<byte> bytes, string text) => bytes.SequenceEqual(Encoding.UTF8.GetBytes(text));
}
