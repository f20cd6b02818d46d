using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>Twenty doubles with names, types and times, per metric. Baseline: the decoder of JSON.</summary>
[MemoryDiagnoser]
public class SparkplugDecoding
{
    private const int MessageCount = 50;
    private const int MetricCount = MessageCount * SparkplugMessages.MetricsPerMessage;

    private readonly SparkplugDecoder _decoder = new();
    private readonly JsonDecoder _json = new(new JsonMapping());
    private readonly PointBatchWriter _writer = new(new InterningBinder());
    private readonly PointBatch _batch = new();
    private byte[][] _payloads = [];
    private byte[][] _texts = [];

    private static ReadOnlySpan<byte> Series => "bearing,area=crushing,asset=CR-201,gateway=gw07"u8;

    [GlobalSetup]
    public void Prepare()
    {
        var messages = new SparkplugMessages();
        _payloads = new byte[MessageCount][];
        _texts = new byte[MessageCount][];
        for (int i = 0; i < _payloads.Length; i++)
        {
            (_payloads[i], _texts[i]) = messages.Next();
        }

        _writer.Attach(_batch);
        if (Decoder_alone() != MetricCount || Decoder_into_batch() != MetricCount || The_same_as_JSON() != MetricCount)
        {
            throw new InvalidOperationException("cannot compare: the decoders do not see the same values");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MetricCount)]
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

    [Benchmark(OperationsPerInvoke = MetricCount)]
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

    [Benchmark(OperationsPerInvoke = MetricCount)]
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
