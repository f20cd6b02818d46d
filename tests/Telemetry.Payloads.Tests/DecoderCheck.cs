using System.Text;

namespace Telemetry.Payloads.Tests;

/// <summary>The one door through which cases reach a decoder.</summary>
internal static class DecoderCheck
{
    public const string RouteSeries = "plant,gateway=gw7";

    public static void Check(IPayloadDecoder decoder, VectorCase vector, bool namesSeries)
    {
        var recorder = new PointRecorder(namesSeries ? null : RouteSeries);
        DecodeContext context = new()
        {
            Series = Encoding.UTF8.GetBytes(RouteSeries),
            ExtraTags = namesSeries ? [] : ",site=pilot"u8,
        };
        DecodeStatus status = decoder.Decode(vector.Payload, context, ref recorder, out PayloadFault fault);
        Assert.Equal(vector.Points, recorder.Points);
        Assert.Equal(vector.Fault, fault.Count == 0 ? "" : $"{fault.Reason}@{fault.Offset}*{fault.Count}");
        Assert.Equal(ExpectedStatus(vector), status);
    }

    /// <summary>Every beginning of a payload: no exception, and the same answer whatever stands behind it.</summary>
    public static void CheckEveryCut(IPayloadDecoder decoder, byte[] payload)
    {
        var context = new DecodeContext { Series = "m"u8 };
        byte[] padded = new byte[payload.Length + 16];
        for (int cut = 0; cut <= payload.Length; cut++)
        {
            var exact = new PointRecorder();
            decoder.Decode(payload.AsSpan(0, cut).ToArray(), context, ref exact, out PayloadFault exactFault);
            Array.Fill(padded, (byte)'"');
            payload.AsSpan(0, cut).CopyTo(padded.AsSpan(8));
            var inside = new PointRecorder();
            decoder.Decode(padded.AsSpan(8, cut), context, ref inside, out PayloadFault insideFault);
            Assert.Equal(exact.Points, inside.Points);
            Assert.Equal(exactFault, insideFault);
            Assert.InRange(exactFault.Offset, 0, cut);
        }
    }

    private static DecodeStatus ExpectedStatus(VectorCase vector) =>
        vector.Fault.Length > 0 ? DecodeStatus.Faulted
        : vector.Points.Length > 0 ? DecodeStatus.Decoded
        : DecodeStatus.NotAMeasurement;
}
