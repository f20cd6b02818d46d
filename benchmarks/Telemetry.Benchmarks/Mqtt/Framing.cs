using System.Buffers;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Mqtt;

namespace Telemetry.Benchmarks.Mqtt;

/// <summary>Cutting 500 packets out of what the socket gave, per packet. Baseline: SequenceReader.</summary>
[MemoryDiagnoser]
public class Framing : IDisposable
{
    private const int PacketBytesMax = 64 * 1024;
    private const int PipeSegmentBytes = 4096; // a pipe's usual segment: every 32nd packet straddles
    private const int ShortSegmentBytes = 100; // shorter than a packet: every one straddles

    private readonly FramerState _framer = new(PacketBytesMax);
    private byte[] _run = [];
    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _piped;
    private ReadOnlySequence<byte> _straddling;

    [GlobalSetup]
    public void Prepare()
    {
        _run = PublishBytes.Write(ProtocolLevel.V311, hasProperties: false);
        _whole = new ReadOnlySequence<byte>(_run);
        _piped = Segments.Cut(_run, PipeSegmentBytes);
        _straddling = Segments.Cut(_run, ShortSegmentBytes);
        int sum = Span_of_64_KB();
        if (sum == 0 || sum != SequenceReader_over_one_segment() || sum != FramerState_over_4_KB_segments()
            || sum != FramerState_every_packet_straddling() || sum != FramerState_over_one_segment())
        {
            throw new InvalidOperationException("cannot compare: the framers do not see the same packets");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _framer.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = PublishBytes.PacketCount)]
    public int SequenceReader_over_one_segment()
    {
        var reader = new SequenceReader<byte>(_whole);
        int sum = 0;
        while (TryReadFrame(ref reader, out byte firstByte, out ReadOnlySequence<byte> body))
        {
            sum += firstByte + (int)body.Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int Span_of_64_KB()
    {
        ReadOnlySpan<byte> rest = _run;
        int sum = 0;
        while (PacketFramer.TryRead(rest, PacketBytesMax, out PacketFrame frame, out int consumed, out _)
            == ReadStatus.Complete)
        {
            rest = rest[consumed..];
            sum += frame.FirstByte + frame.Body.Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int FramerState_over_one_segment() => ReadAll(_whole);

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int FramerState_over_4_KB_segments() => ReadAll(_piped);

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int FramerState_every_packet_straddling() => ReadAll(_straddling);

    private int ReadAll(ReadOnlySequence<byte> rest)
    {
        int sum = 0;
        while (_framer.TryRead(ref rest, out PacketFrame frame, out _) == ReadStatus.Complete)
        {
            sum += frame.FirstByte + frame.Body.Length;
        }

        return sum;
    }

    private static bool TryReadFrame(
        ref SequenceReader<byte> reader, out byte firstByte, out ReadOnlySequence<byte> body)
    {
        body = default;
        if (!reader.TryRead(out firstByte))
        {
            return false;
        }

        int length = 0;
        int shift = 0;
        byte next;
        do
        {
            if (!reader.TryRead(out next))
            {
                return false;
            }

            length |= (next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80);

        return reader.TryReadExact(length, out body);
    }
}
