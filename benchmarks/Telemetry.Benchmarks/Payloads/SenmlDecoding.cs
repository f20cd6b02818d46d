using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A pack of six records with base name and time, per message. Baseline: JsonDocument.</summary>
[MemoryDiagnoser]
public class SenmlDecoding
{
    private const int MessageCount = 500;
    private const int ValuesPerMessage = 6;

    private readonly SenmlDecoder _decoder = new();
    private readonly PointBatchWriter _writer = new(new InterningBinder());
    private readonly PointBatch _batch = new();
    private byte[][] _payloads = [];

    private static ReadOnlySpan<byte> Series => "bearing,area=crushing,asset=CR-201,gateway=gw07"u8;

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        _payloads = new byte[MessageCount][];
        for (int i = 0; i < _payloads.Length; i++)
        {
            _payloads[i] = text.Senml();
        }

        _writer.Attach(_batch);
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
