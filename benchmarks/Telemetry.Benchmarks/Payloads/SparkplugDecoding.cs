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

    private readonly DecoderUnderTest<SparkplugDecoder> _decoder = new(new SparkplugDecoder());
    private readonly DecoderUnderTest<JsonDecoder> _json = new(new JsonDecoder(new JsonMapping()));
    private byte[][] _payloads = [];
    private byte[][] _texts = [];

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

        if (Decoder_alone() != MetricCount || Decoder_into_batch() != MetricCount || The_same_as_JSON() != MetricCount)
        {
            throw new InvalidOperationException("cannot compare: the decoders do not see the same values");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MetricCount)]
    public int The_same_as_JSON() => _json.DecodeAlone(_texts);

    [Benchmark(OperationsPerInvoke = MetricCount)]
    public int Decoder_alone() => _decoder.DecodeAlone(_payloads);

    [Benchmark(OperationsPerInvoke = MetricCount)]
    public int Decoder_into_batch() => _decoder.DecodeIntoBatch(_payloads);
}
