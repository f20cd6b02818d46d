using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Telemetry.Fuzz;

/// <summary>One connection of a script: it sends what it is told, and reads all the time unless told not to.</summary>
internal sealed class ScriptLink
{
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly ConnectionContext _transport;
    private readonly OutputCheck _check;
    private readonly ProtocolLevel _level;
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<(PacketType Type, byte Qos, ushort Identifier)> _received = new();
    private readonly Task _reading;
    private TaskCompletionSource? _pause;
    private bool _isClosed;
    private volatile bool _isReset;
    private int _receivedCount;

    public ScriptLink(
        PipeReader input, PipeWriter output, Task served, ProtocolLevel level, ConnectionContext transport)
    {
        _input = input;
        _output = output;
        _transport = transport;
        _level = level;
        _check = new OutputCheck(level);
        Served = served;
        _reading = Task.Run(ReadAllAsync);
    }

    /// <summary>Completes when the server is done with the connection.</summary>
    public Task Served { get; }

    /// <summary>Completes when the server has closed its side.</summary>
    public Task Reading => _reading;

    /// <summary>How many packets have come.</summary>
    public int ReceivedCount => Volatile.Read(ref _receivedCount);

    /// <summary>The last packet that came, for a message.</summary>
    public string LastPacket { get; private set; } = "nothing";

    /// <summary>What is wrong with what came; null when nothing is.</summary>
    public string? Complaint
    {
        get
        {
            lock (_gate)
            {
                return _check.Complaint;
            }
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int pieces, bool isKnown)
    {
        if (_isClosed)
        {
            return;
        }

        lock (_gate)
        {
            _check.OnSent(bytes.Span, isKnown);
        }

        int pieceBytes = Math.Max(1, bytes.Length / pieces);
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(pieceBytes, bytes.Length);
            FlushResult result = await _output.WriteAsync(bytes[..count]);
            if (result.IsCompleted)
            {
                return;
            }

            bytes = bytes[count..];
            await Task.Yield();
        }
    }

    /// <summary>Acknowledges all that has come, as a client has to.</summary>
    public async Task AcknowledgeAsync()
    {
        while (!_isClosed && _received.TryDequeue(out var packet))
        {
            (PacketType answer, bool isLast) = packet switch
            {
                (PacketType.Publish, 1, _) => (PacketType.PubAck, true),
                (PacketType.Publish, 2, _) => (PacketType.PubRec, false),
                (PacketType.PubRel, _, _) => (PacketType.PubComp, true),
                (PacketType.PubRec, _, _) => (PacketType.PubRel, false),
                _ => (PacketType.None, false),
            };
            if (answer == PacketType.None)
            {
                continue;
            }

            byte[] bytes = new byte[AckView.SuccessBytes];
            AckView.WriteSuccess(bytes, answer, packet.Identifier);
            if (isLast)
            {
                lock (_gate)
                {
                    _check.OnFinished(packet.Identifier);
                }
            }

            await _output.WriteAsync(bytes);
        }
    }

    public void StopReading() =>
        Interlocked.CompareExchange(
            ref _pause, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void GoOnReading() => Interlocked.Exchange(ref _pause, null)?.TrySetResult();

    public void Close()
    {
        _isClosed = true;
        _output.Complete();
    }

    public void Reset()
    {
        _isClosed = true;
        _isReset = true;
        _output.Complete(new IOException("reset"));
        _transport.Abort();
        GoOnReading(); // to see that it is over
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (true)
            {
                if (Volatile.Read(ref _pause) is { } pause)
                {
                    await pause.Task;
                }

                ReadResult read = await _input.ReadAsync();
                long left = Take(read.Buffer, out SequencePosition consumed);
                _input.AdvanceTo(consumed, read.Buffer.End);
                if (read.IsCompleted || _isReset)
                {
                    NoteEnd(left);
                    break;
                }
            }
        }
        finally
        {
            await _input.CompleteAsync();
        }
    }

    private long Take(ReadOnlySequence<byte> buffer, out SequencePosition consumed)
    {
        ReadOnlySpan<byte> rest = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        ReadStatus status;
        while ((status = PacketFramer.TryRead(rest, int.MaxValue, out PacketFrame frame, out int bytes, out _))
            == ReadStatus.Complete)
        {
            rest = rest[bytes..];
            lock (_gate)
            {
                _check.OnReceived(frame, bytes);
            }

            Note(frame);
            Interlocked.Increment(ref _receivedCount);
        }

        if (status == ReadStatus.Malformed)
        {
            Complain("the server's bytes are no packets");
        }

        consumed = buffer.GetPosition(buffer.Length - rest.Length);
        return rest.Length;
    }

    private void NoteEnd(long bytesLeft)
    {
        if (bytesLeft > 0 && !_isReset)
        {
            Complain("the server's bytes end inside a packet");
        }
    }

    private void Complain(string complaint)
    {
        lock (_gate)
        {
            _check.Complain(complaint);
        }
    }

    private void Note(PacketFrame frame)
    {
        if (frame.Type == PacketType.Disconnect)
        {
            LastPacket = $"{frame.FirstByte:X2} {Convert.ToHexString(frame.Body)}";
        }

        if (frame.Type == PacketType.Publish && PublishView.TryRead(frame, _level, out PublishView publish, out _))
        {
            _received.Enqueue((PacketType.Publish, publish.Qos, publish.PacketIdentifier));
        }
        else if (frame.Type is PacketType.PubRel or PacketType.PubRec or PacketType.PubAck
            && AckView.TryRead(frame, _level, out AckView ack, out _))
        {
            _received.Enqueue((frame.Type, 0, ack.PacketIdentifier));
        }
    }
}
