using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A decoder with what a message of a route gives it, alone or on its way into a batch.</summary>
internal sealed class DecoderUnderTest<TDecoder>
    where TDecoder : IPayloadDecoder
{
    private readonly TDecoder _decoder;
    private readonly PointBatchWriter _writer = new(new InterningBinder());
    private readonly PointBatch _batch = new();

    public DecoderUnderTest(TDecoder decoder)
    {
        _decoder = decoder;
        _writer.Attach(_batch);
    }

    private static ReadOnlySpan<byte> Series => "bearing,area=crushing,asset=CR-201,gateway=gw07"u8;

    /// <summary>Decodes messages and keeps nothing; the number of fields.</summary>
    public int DecodeAlone(byte[][] payloads)
    {
        var context = new DecodeContext { Series = Series };
        var handler = default(PointCounter);
        foreach (byte[] payload in payloads)
        {
            _decoder.Decode(payload, context, ref handler, out _);
        }

        return handler.FieldCount;
    }

    /// <summary>Decodes messages into one batch; the number of samples.</summary>
    public int DecodeIntoBatch(byte[][] payloads)
    {
        var context = new DecodeContext { Series = Series };
        _batch.Reset();
        PointBatchWriter handler = _writer;
        for (int i = 0; i < payloads.Length; i++)
        {
            handler.BeginRecord(i, arrivalTime: 0, lane: 0, lateAfterNanoseconds: 0);
            _decoder.Decode(payloads[i], context, ref handler, out _);
        }

        return _batch.Samples.Length;
    }
}
