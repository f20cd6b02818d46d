using System.Buffers;
using System.IO.Pipelines;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The only read loop of the product: read, deliver whole packets, decide what an ended stream means, advance, again.
/// It alone knows consumed and examined. Half a packet followed by a close ends as truncated, once.
/// </summary>
internal static class PacketPump
{
    /// <summary>Runs until the stream ends, breaks the protocol, or the receiver has stopped.</summary>
    /// <exception cref="IOException">The connection was reset; thrown by the transport.</exception>
    public static async Task<PumpEnd> RunAsync<TReceiver>(PipeReader input, FramerState framer, TReceiver receiver)
        where TReceiver : IPacketReceiver
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            ReadOnlySequence<byte> rest = read.Buffer;
            receiver.OnReadStart();
            PumpEnd end = Deliver(ref rest, framer, receiver);
            // Whole packets may lie in the buffer: of a receiver that had enough, though it may take more from here on.
            bool isHeldUp = end == PumpEnd.None && !receiver.TakesPackets;
            receiver.OnReadEnd(read.Buffer.Length - rest.Length);
            isHeldUp |= end == PumpEnd.None && !receiver.TakesPackets;
            if (end == PumpEnd.None && read.IsCompleted && !isHeldUp)
            {
                end = rest.IsEmpty ? PumpEnd.Ended : PumpEnd.Truncated;
            }

            input.AdvanceTo(rest.Start, isHeldUp ? rest.Start : read.Buffer.End);
            if (receiver.MustPause)
            {
                await receiver.PauseAsync();
                end = end == PumpEnd.None && receiver.IsStopped ? PumpEnd.Stopped : end;
            }

            if (end != PumpEnd.None)
            {
                return end;
            }
        }
    }

    private static PumpEnd Deliver<TReceiver>(
        ref ReadOnlySequence<byte> rest, FramerState framer, TReceiver receiver)
        where TReceiver : IPacketReceiver
    {
        while (receiver.TakesPackets)
        {
            // Fast path: all packets that lie whole in the first segment.
            ReadOnlySpan<byte> segment = rest.FirstSpan;
            int segmentBytes = segment.Length;
            ReadStatus status = DeliverSegment(ref segment, framer, receiver);
            rest = rest.Slice(segmentBytes - segment.Length);
            bool hasMore = rest.Length > segment.Length; // a slice that ends with its segment begins in the next one
            if (status == ReadStatus.NeedMore && hasMore)
            {
                status = DeliverStraddling(ref rest, framer, receiver);
            }

            if (status != ReadStatus.Complete)
            {
                return status == ReadStatus.NeedMore ? PumpEnd.None : PumpEnd.Malformed;
            }
        }

        return receiver.IsStopped ? PumpEnd.Stopped : PumpEnd.None;
    }

    /// <summary>Complete only when no more is taken; else the segment ends inside a packet, or is wrong.</summary>
    private static ReadStatus DeliverSegment<TReceiver>(
        ref ReadOnlySpan<byte> segment, FramerState framer, TReceiver receiver)
        where TReceiver : IPacketReceiver
    {
        ReadStatus status;
        MalformedReason reason;
        while ((status = framer.TryRead(ref segment, out PacketFrame frame, out reason)) == ReadStatus.Complete)
        {
            receiver.OnPacket(frame);
            if (!receiver.TakesPackets)
            {
                return ReadStatus.Complete;
            }
        }

        if (status == ReadStatus.Malformed)
        {
            receiver.OnMalformed(reason);
        }

        return status;
    }

    private static ReadStatus DeliverStraddling<TReceiver>(
        ref ReadOnlySequence<byte> rest, FramerState framer, TReceiver receiver)
        where TReceiver : IPacketReceiver
    {
        ReadStatus status = framer.TryRead(ref rest, out PacketFrame frame, out MalformedReason reason);
        if (status == ReadStatus.Complete)
        {
            receiver.OnPacket(frame);
        }
        else if (status == ReadStatus.Malformed)
        {
            receiver.OnMalformed(reason);
        }

        return status;
    }
}
