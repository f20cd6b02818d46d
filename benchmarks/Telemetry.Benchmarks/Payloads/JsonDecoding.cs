using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A flat object of six values and a time, per message. Baseline: JsonDocument.</summary>
[MemoryDiagnoser]
public class JsonDecoding
{
    private const int MessageCount = 500;
    private const int ValuesPerMessage = 6;

    private readonly DecoderUnderTest<JsonDecoder> _decoder = new(new JsonDecoder(new JsonMapping()));
    private byte[][] _payloads = [];

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        _payloads = new byte[MessageCount][];
        for (int i = 0; i < _payloads.Length; i++)
        {
            _payloads[i] = text.Json();
        }

        int expected = MessageCount * ValuesPerMessage;
        if (Decoder_alone() != expected || Decoder_into_batch() != expected || Document() == 0)
        {
            throw new InvalidOperationException("cannot compare: the decoders do not see the same values");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MessageCount)]
    public double Document()
    {
        double sum = 0;
        foreach (byte[] payload in _payloads)
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                sum += member.NameEquals("ts"u8) ? member.Value.GetInt64() : member.Value.GetDouble();
            }
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_alone() => _decoder.DecodeAlone(_payloads);

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_into_batch() => _decoder.DecodeIntoBatch(_payloads);
}
