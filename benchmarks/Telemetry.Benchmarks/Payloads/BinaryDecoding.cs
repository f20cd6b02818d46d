using BenchmarkDotNet.Attributes;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A record of a meter: four fields of two registers behind a time, with and without a checksum.</summary>
[MemoryDiagnoser]
public class BinaryDecoding
{
    private const int FieldCount = 4;
    private readonly byte[] _record = new byte[4 + (FieldCount * 4) + 2];
    private readonly BinaryDecoder _plain = new(Layout(BinaryChecksum.None));
    private readonly BinaryDecoder _checked = new(Layout(BinaryChecksum.Sum8));
    private PointCounter _points;

    [GlobalSetup]
    public void Prepare()
    {
        if (Record() != DecodeStatus.Decoded || Record_with_its_sum() != DecodeStatus.Decoded
            || _points.FieldCount != 2 * FieldCount)
        {
            throw new InvalidOperationException("cannot measure: the record is not decoded");
        }
    }

    [Benchmark(Baseline = true)]
    public DecodeStatus Record() => Decode(_plain);

    [Benchmark]
    public DecodeStatus Record_with_its_sum() => Decode(_checked);

    private DecodeStatus Decode(BinaryDecoder decoder) =>
        decoder.Decode(_record, new DecodeContext { Series = "meter,asset=m1"u8 }, ref _points, out _);

    private static BinaryLayout Layout(BinaryChecksum checksum) => new()
    {
        RecordBytes = 4 + (FieldCount * 4) + 2,
        Checksum = checksum,
        Time = new BinaryPlace(0, BinaryType.U32, IsLittleEndian: false, IsWordSwapped: false),
        Fields =
        [
            .. Enumerable.Range(0, FieldCount).Select(i => new BinaryField
            {
                Name = $"f{i}",
                Place = new BinaryPlace(4 + (i * 4), BinaryType.F32, IsLittleEndian: false, IsWordSwapped: true),
                Scale = 0.1,
            }),
        ],
    };
}
