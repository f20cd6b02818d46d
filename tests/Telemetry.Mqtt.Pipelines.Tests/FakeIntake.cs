using System.Text;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// An intake whose commits the test triggers: a log in memory whose offsets count records. It distributes what is
/// committed, as the fan-out does, and can be replayed into another broker.
/// </summary>
internal sealed class FakeIntake : IIntake
{
    private readonly Lock _gate = new();
    private readonly List<ICommitSignal> _signals = [];
    private readonly List<Record> _log = [];
    private volatile TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _committed;

    /// <summary>What the next attempts to append get.</summary>
    public IntakeOutcome Outcome { get; set; } = IntakeOutcome.Appended;

    /// <summary>Commit at once inside the append, as a very fast disk would.</summary>
    public bool CommitsAtOnce { get; set; }

    /// <summary>Keep no text: for counting allocations.</summary>
    public bool CountsOnly { get; set; }

    /// <summary>Gets each message once it is committed.</summary>
    public Broker? Distributes { get; set; }

    public List<string> Messages { get; } = [];

    public int Appends { get; private set; }

    public int Attempts { get; private set; }

    public long DurableOffset => Interlocked.Read(ref _committed);

    public IConnectionIntake Open(string clientIdentifier, string? identity) =>
        new ConnectionIntake(this, Encoding.UTF8.GetBytes(clientIdentifier));

    public async ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken)
    {
        while (DurableOffset < offset)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Makes everything durable that was appended, and distributes it.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            for (; _committed < _log.Count; _committed++)
            {
                _log[(int)_committed].GiveTo(Distributes, _committed + 1, isReplay: false);
                Distributes?.OnDistributed(_committed + 1);
            }

            foreach (ICommitSignal signal in _signals)
            {
                signal.OnCommitted(_committed);
            }

            _signals.Clear();
        }
    }

    /// <summary>What a restart does: everything committed from an offset on, into a fresh broker.</summary>
    public void ReplayInto(Broker broker, long from = 0)
    {
        lock (_gate)
        {
            for (long offset = from; offset < _committed; offset++)
            {
                _log[(int)offset].GiveTo(broker, offset + 1, isReplay: true);
            }

            _log.RemoveRange((int)_committed, _log.Count - (int)_committed);
            Distributes = broker;
            broker.OnDistributed(_committed);
        }
    }

    public void MakeRoom()
    {
        TaskCompletionSource room = _room;
        _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Outcome = IntakeOutcome.Appended; // who looks from here on does not wait; who waits is told next
        room.SetResult();
    }

    public string[] Seen()
    {
        lock (_gate)
        {
            return [.. Messages];
        }
    }

    /// <summary>One record: a PUBLISH as bytes, or an event of a session.</summary>
    private sealed record Record(byte[] Client, byte[]? Publish, SessionEventKind Kind, byte[] Content)
    {
        public void GiveTo(Broker? broker, long offset, bool isReplay)
        {
            if (broker is null)
            {
                return;
            }

            if (Publish is null)
            {
                if (isReplay)
                {
                    broker.Replay(Kind, Client, Content, ManualTime.StartNanoseconds);
                }

                return;
            }

            PacketFramer.TryRead(Publish, 1 << 24, out PacketFrame frame, out _, out _);
            PublishView.TryRead(frame, ProtocolLevel.V50, out PublishView publish, out _);
            broker.Distribute(publish, Client, offset, ManualTime.StartNanoseconds);
            if (isReplay && publish.Qos == 2)
            {
                broker.ReplayReceived(Client, publish.PacketIdentifier, offset);
            }
        }
    }

    private sealed class ConnectionIntake(FakeIntake owner, byte[] client) : IConnectionIntake
    {
        private readonly List<Record> _block = [];
        private int _counted;

        public int BlockBytes => owner.CountsOnly ? _counted : _block.Count;

        public void Add(in PublishView publish)
        {
            _counted++;
            if (owner.CountsOnly)
            {
                return;
            }

            byte[] packet = new byte[publish.Measure(ProtocolLevel.V50)];
            publish.Write(packet, ProtocolLevel.V50);
            lock (owner._gate)
            {
                _block.Add(new Record(client, packet, default, []));
                string topic = Encoding.UTF8.GetString(publish.Topic);
                owner.Messages.Add($"{topic}={Encoding.UTF8.GetString(publish.Payload)}");
            }
        }

        public void Add(SessionEventKind kind, ReadOnlySpan<byte> content) =>
            _block.Add(new Record(client, null, kind, content.ToArray()));

        public IntakeOutcome TryAppend(ICommitSignal signal, out long endOffset)
        {
            lock (owner._gate)
            {
                endOffset = 0;
                owner.Attempts++;
                if (owner.Outcome != IntakeOutcome.Appended)
                {
                    return owner.Outcome;
                }

                owner.Appends++;
                if (owner.CountsOnly)
                {
                    owner._committed += _counted;
                    endOffset = owner._committed;
                    _counted = 0;
                    signal.OnCommitted(endOffset);
                    return IntakeOutcome.Appended;
                }

                owner._log.AddRange(_block);
                _block.Clear();
                endOffset = owner._log.Count;
                owner._signals.Add(signal);
            }

            if (owner.CommitsAtOnce)
            {
                owner.Commit();
            }

            return IntakeOutcome.Appended;
        }

        public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
        {
            Task room = owner._room.Task;
            if (owner.Outcome != IntakeOutcome.Appended)
            {
                await room.WaitAsync(cancellationToken);
            }
        }
    }
}
