using BenchmarkDotNet.Attributes;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A line of a time and four numbers, with and without a mapping.</summary>
[MemoryDiagnoser]
public class CsvDecoding
{
    private const int FieldCount = 4;
    private readonly byte[] _line = "2026-01-15T00:00:00Z,23.5,182.125,-4.75,61\n"u8.ToArray();
    private readonly CsvDecoder _plain = new();
    private readonly CsvDecoder _mapped = new(new CsvMapping { Columns = ["t", "a", "b", "c", "d"], Time = "t" });
    private PointCounter _points;

    [GlobalSetup]
    public void Prepare()
    {
        if (Line() != DecodeStatus.Decoded || Line_with_a_mapping() != DecodeStatus.Decoded
            || _points.FieldCount != 2 * FieldCount)
        {
            throw new InvalidOperationException("cannot measure: the line is not decoded");
        }
    }

    [Benchmark(Baseline = true)]
    public DecodeStatus Line() => Decode(_plain);

    [Benchmark]
    public DecodeStatus Line_with_a_mapping() => Decode(_mapped);

    private DecodeStatus Decode(CsvDecoder decoder) =>
        decoder.Decode(_line, new DecodeContext { Series = "feeder,asset=f1"u8 }, ref _points, out _);
}
