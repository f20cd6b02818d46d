using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>Six doubles and a time, per message. Baseline: the decoder of JSON on the same values.</summary>
[MemoryDiagnoser]
public class CborDecoding
{
    private const int MessageCount = 500;
    private const int ValuesPerMessage = 6;

    private readonly CborDecoder _decoder = new(new JsonMapping());
    private readonly JsonDecoder _json = new(new JsonMapping());
    private readonly PointBatchWriter _writer = new(new InterningBinder());
    private readonly PointBatch _batch = new();
    private byte[][] _payloads = [];
    private byte[][] _texts = [];

    private static ReadOnlySpan<byte> Series => "bearing,area=crushing,asset=CR-201,gateway=gw07"u8;

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        var sameText = new SensorText();
        _payloads = new byte[MessageCount][];
        _texts = new byte[MessageCount][];
        for (int i = 0; i < _payloads.Length; i++)
        {
            _payloads[i] = text.Cbor();
            _texts[i] = sameText.Json();
        }

        _writer.Attach(_batch);
        int expected = MessageCount * ValuesPerMessage;
        if (Decoder_alone() != expected || Decoder_into_batch() != expected || The_same_as_JSON() != expected)
        {
            throw new InvalidOperationException("cannot compare: the decoders do not see the same values");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MessageCount)]
    public int The_same_as_JSON()
    {
        var context = new DecodeContext { Series = Series };
        var handler = default(PointCounter);
        foreach (byte[] payload in _texts)
        {
            _json.Decode(payload, context, ref handler, out _);
        }

        return handler.FieldCount;
    }

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_alone()
    {
        var context = new DecodeContext { Series = Series };
        var handler = default(PointCounter);
        foreach (byte[] payload in _payloads)
        {
            _decoder.Decode(payload, context, ref handler, out _);
        }

        return handler.FieldCount;
    }

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_into_batch()
    {
        var context = new DecodeContext { Series = Series };
        _batch.Reset();
        PointBatchWriter handler = _writer;
        for (int i = 0; i < _payloads.Length; i++)
        {
            handler.BeginRecord(i, arrivalTime: 0, lane: 0, lateAfterNanoseconds: 0);
            _decoder.Decode(_payloads[i], context, ref handler, out _);
        }

        return _batch.Samples.Length;
    }
}
