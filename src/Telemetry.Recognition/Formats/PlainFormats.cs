using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Recognition;

/// <summary>Formats that are no JSON: line protocol, CBOR, SenML, a lone number.</summary>
internal static class PlainFormats
{
    private static readonly string[] NoReading = ["nan", "unavailable", "unknown"];

    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        new("InfluxDB line protocol", MessageKind.Measurement)
        {
            Body = ReadsAsLines,
            Route = new RouteDefinition { Name = "", Filter = "", Decoder = "line-protocol" },
        },
        new("lone value", MessageKind.Measurement)
        {
            Topics = ["+/sensor/+/state", "+/binary_sensor/+/state"],
            Body = ReadsAsScalar,
            Route = new RouteDefinition
            {
                Name = "",
                Filter = "",
                Decoder = "auto",
                Measurement = "sensor",
                Tags = [new Tag("node", "{1}")],
                Field = "{3}",
            },
            Fit = NamedByTopic,
        },
        new("CBOR", MessageKind.Measurement)
        {
            Body = payload => CborDecoder.Recognises(payload.Span) && !SenmlDecoder.RecognisesCbor(payload.Span)
                ? "it starts as CBOR of a gateway does"
                : null,
            Route = new RouteDefinition { Name = "", Filter = "", Decoder = "cbor" },
        },
    ];

    public static string? ReadsAsSenml(ReadOnlyMemory<byte> payload)
    {
        ReadOnlySpan<byte> text = payload.Span.Trim(" \t\r\n"u8);
        return SenmlDecoder.RecognisesJson(text) ? "an array of records with the labels of SenML, base name among them"
            : SenmlDecoder.RecognisesCbor(payload.Span) ? "an array of CBOR maps with the labels of SenML"
            : null;
    }

    /// <summary>On a topic of the user's own its last level names the value, the others say of what.</summary>
    private static Proposal NamedByTopic(TopicSample sample, Proposal proposal) =>
        proposal.Route.Field.Length > 0 || sample.Levels.Count < 2 ? proposal : proposal with
        {
            Route = UnknownFormat.NamedByLastLevel(proposal.Route),
            Evidence = [.. proposal.Evidence, $"the last level of the topic names the value: {sample.Levels[^1]}"],
        };

    private static string? ReadsAsLines(ReadOnlyMemory<byte> payload)
    {
        DecodeStatus status = TrialDecoding.Run(new LineProtocolDecoder(), payload.Span, out int points, out _);
        bool isRead = status == DecodeStatus.Decoded && points > 0;
        return isRead ? $"all of it reads as line protocol, {points} lines" : null;
    }

    private static string? ReadsAsScalar(ReadOnlyMemory<byte> payload)
    {
        ReadOnlySpan<byte> text = payload.Span.Trim(" \t\r\n"u8);
        if (Utf8Number.TryParseDouble(text, out _) || text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8))
        {
            return $"the payload is one value: {Encoding.UTF8.GetString(text)}";
        }

        return NoReading.Contains(Encoding.UTF8.GetString(text), StringComparer.OrdinalIgnoreCase)
            ? "the payload is a word for no reading"
            : null;
    }
}
