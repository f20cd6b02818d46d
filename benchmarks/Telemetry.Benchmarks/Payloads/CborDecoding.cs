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

    private readonly DecoderUnderTest<CborDecoder> _decoder = new(new CborDecoder(new JsonMapping()));
    private readonly DecoderUnderTest<JsonDecoder> _json = new(new JsonDecoder(new JsonMapping()));
    private byte[][] _payloads = [];
    private byte[][] _texts = [];

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

        int expected = MessageCount * ValuesPerMessage;
        if (Decoder_alone() != expected || Decoder_into_batch() != expected || The_same_as_JSON() != expected)
        {
            throw new InvalidOperationException("cannot compare: the decoders do not see the same values");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MessageCount)]
    public int The_same_as_JSON() => _json.DecodeAlone(_texts);

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_alone() => _decoder.DecodeAlone(_payloads);

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_into_batch() => _decoder.DecodeIntoBatch(_payloads);
}
