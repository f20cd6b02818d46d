using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Telemetry.Buffers;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>A compact frame of four samples at one time.</summary>
[MemoryDiagnoser]
public class FrameDecoding
{
    private const int SampleCount = 4;
    private readonly byte[] _frame = Frame();
    private readonly FrameDecoder _decoder = new();
    private PointCounter _points;

    [GlobalSetup]
    public void Prepare()
    {
        if (Decoder_alone() != DecodeStatus.Decoded || _points.FieldCount != SampleCount)
        {
            throw new InvalidOperationException("cannot measure: the frame is not decoded");
        }
    }

    [Benchmark]
    public DecodeStatus Decoder_alone() =>
        _decoder.Decode(_frame, new DecodeContext { Series = "pump,asset=p1"u8 }, ref _points, out _);

    private static byte[] Frame()
    {
        var frame = new List<byte>("TF\u0001\u0007\0\0\0"u8.ToArray());
        frame.AddRange(BitConverter.GetBytes(1_767_225_600_000));
        frame.AddRange([SampleCount, 0]);
        for (byte i = 0; i < SampleCount; i++)
        {
            frame.AddRange([2, (byte)'T', (byte)('1' + i), 0, 0, 0, 0, 192, 1]);
            frame.AddRange(BitConverter.GetBytes(915 + i));
        }

        var checksum = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Append(0, [.. frame]));
        return [.. frame, .. checksum];
    }
}
