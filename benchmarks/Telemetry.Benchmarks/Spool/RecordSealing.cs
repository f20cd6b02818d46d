using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Spool;

namespace Telemetry.Benchmarks.Spool;

/// <summary>
/// Making records of messages, per record. Baseline: copying the body alone, so that the ratio is what header and
/// checksum cost.
/// </summary>
[MemoryDiagnoser]
public class RecordSealing
{
    private const int RecordCount = 256;

    private byte[][] _bodies = [];
    private byte[] _block = [];
    private byte[] _sealed = [];
    private int _recordBytes;

    [Params(150, 4096)]
    public int BodyBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        _recordBytes = SpoolRecord.Measure(BodyBytes);
        _bodies = new byte[RecordCount][];
        for (int i = 0; i < _bodies.Length; i++)
        {
            _bodies[i] = text.Lines(1 + (BodyBytes / 100)).AsSpan(0, BodyBytes).ToArray();
        }

        _block = new byte[RecordCount * _recordBytes];
        Copy_and_seal();
        _sealed = [.. _block];
        if (Check() != RecordCount)
        {
            throw new InvalidOperationException("cannot measure: a sealed record does not check");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RecordCount)]
    public byte Copy_alone()
    {
        for (int i = 0; i < _bodies.Length; i++)
        {
            _bodies[i].CopyTo(RecordAt(i)[SpoolRecord.HeaderBytes..]);
        }

        return _block[^1];
    }

    [Benchmark(OperationsPerInvoke = RecordCount)]
    public byte Copy_and_seal()
    {
        for (int i = 0; i < _bodies.Length; i++)
        {
            Span<byte> record = RecordAt(i);
            _bodies[i].CopyTo(record[SpoolRecord.HeaderBytes..]);
            SpoolRecord.Seal(record, kind: 1, (byte)(i % SpoolRecord.LaneCount), arrivalTime: i);
        }

        return _block[^1];
    }

    [Benchmark(OperationsPerInvoke = RecordCount)]
    public int Check()
    {
        ReadOnlySpan<byte> rest = _sealed;
        int whole = 0;
        while (SpoolRecord.Check(rest, out int recordBytes) == RecordCheck.Whole)
        {
            rest = rest[recordBytes..];
            whole++;
        }

        return whole;
    }

    private Span<byte> RecordAt(int index) => _block.AsSpan(index * _recordBytes, _recordBytes);
}
