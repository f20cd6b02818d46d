using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>Bytes of no known format: their lengths are all that can be told.</summary>
internal static class BinaryStructure
{
    private const double Unsure = 0.2;
    private const int ShownBytesMax = 16;

    public static Proposal Propose(TopicSample sample)
    {
        int[] lengths = [.. sample.Payloads.Select(payload => payload.Bytes.Length).Distinct().Order()];
        ReadOnlySpan<byte> first = sample.Payloads[0].Bytes.Span;
        string hex = Convert.ToHexString(first[..Math.Min(first.Length, ShownBytesMax)]);
        string length = lengths.Length == 1
            ? $"all {sample.Payloads.Count} payloads have {lengths[0]} bytes: a fixed layout"
            : $"payloads of {string.Join(", ", lengths)} bytes: {LayoutOf(lengths)}";
        string cause = first.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
            ? "the payload is compressed by gzip; switch that off at the sender"
            : "a layout: key \"binary\" with bytes and fields, from the device's manual";
        return new Proposal
        {
            Format = "binary",
            Kind = MessageKind.Measurement,
            Route = UnknownFormat.RouteOf(
                sample, new RouteDefinition { Name = "", Filter = "", Decoder = "binary" }, "binary"),
            Confidence = Unsure,
            Evidence = ["no text, and no format that is known", length, $"it starts with {hex}"],
            Missing = cause,
        };
    }

    private static string LayoutOf(int[] lengths)
    {
        int common = lengths.Aggregate(GreatestDivisor);
        return common > 1 ? $"perhaps records of {common} bytes in a row" : "no fixed layout";
    }

    private static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
