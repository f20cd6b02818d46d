using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Recognition;

/// <summary>Decodes a payload only to see whether it can be, and how much it gives.</summary>
internal static class TrialDecoding
{
    public static DecodeStatus Run<TDecoder>(
        TDecoder decoder, ReadOnlySpan<byte> payload, out int points, out PayloadFault fault)
        where TDecoder : IPayloadDecoder
    {
        var context = new DecodeContext { Series = "m"u8, Precision = TimePrecision.Nanoseconds };
        var counter = default(PointCounter);
        DecodeStatus status = decoder.Decode(payload, context, ref counter, out fault);
        points = counter.Count;
        return status;
    }

    private struct PointCounter : IPointHandler
    {
        public int Count { get; private set; }

        public void OnPoint(scoped in PointView point) => Count++;
    }
}
