using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A pack of six records with base name and time, per message. Baseline: JsonDocument.</summary>
[MemoryDiagnoser]
public class SenmlDecoding
{
    private const int MessageCount = 500;
    private const int ValuesPerMessage = 6;

    private readonly DecoderUnderTest<SenmlDecoder> _decoder = new(new SenmlDecoder());
    private byte[][] _payloads = [];

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        _payloads = new byte[MessageCount][];
        for (int i = 0; i < _payloads.Length; i++)
        {
            _payloads[i] = text.Senml();
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
            string baseName = "";
            foreach (JsonElement record in document.RootElement.EnumerateArray())
            {
                baseName = record.TryGetProperty("bn"u8, out JsonElement bn) ? bn.GetString()! : baseName;
                string name = baseName + record.GetProperty("n"u8).GetString();
                sum += name.Length + record.GetProperty("v"u8).GetDouble();
            }
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_alone() => _decoder.DecodeAlone(_payloads);

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decoder_into_batch() => _decoder.DecodeIntoBatch(_payloads);
}
