using System.Text;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Testing;

namespace Telemetry.Fuzz;

/// <summary>
/// An intake that commits by itself on the thread pool, distributes what is committed and keeps nothing. Now and then
/// it has no room, or refuses, for one attempt.
/// </summary>
internal sealed class MemoryIntake : IIntake, IThreadPoolWorkItem
{
    private const int NoRoomEvery = 89; // primes: they meet every kind of block
    private const int RefusedEvery = 997;

    private readonly Lock _gate = new();
    private List<Record> _waiting = [];
    private List<Record> _committing = [];
    private List<ICommitSignal> _signals = [];
    private List<ICommitSignal> _signalling = [];
    private bool _isCommitting;
    private long _appended;
    private long _committed;
    private int _attempts;

    /// <summary>Gets each message once it is committed.</summary>
    public Broker? Broker { get; set; }

    /// <summary>Is given the same log as a restart would be; null for none.</summary>
    public Broker? Restarted { get; set; }

    /// <summary>Told of an exception on the committer's thread, which nobody else would see.</summary>
    public Action<Exception>? OnBroken { get; set; }

    /// <inheritdoc/>
    public long DurableOffset => Interlocked.Read(ref _committed);

    /// <inheritdoc/>
    public IConnectionIntake Open(string clientIdentifier, string? identity) =>
        new ConnectionIntake(this, Encoding.UTF8.GetBytes(clientIdentifier));

    /// <inheritdoc/>
    public async ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken)
    {
        while (DurableOffset < offset)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            while (TryTake(out long end))
            {
                Commit(end);
            }
        }
        catch (Exception broken)
        {
            OnBroken?.Invoke(broken);
        }
    }

    private bool TryTake(out long end)
    {
        lock (_gate)
        {
            end = _appended;
            _isCommitting = _waiting.Count > 0 || _signals.Count > 0;
            (_waiting, _committing) = (_committing, _waiting);
            (_signals, _signalling) = (_signalling, _signals);
            return _isCommitting;
        }
    }

    private void Commit(long end)
    {
        long offset = _committed;
        Interlocked.Exchange(ref _committed, end);
        foreach (ICommitSignal signal in _signalling)
        {
            signal.OnCommitted(end);
        }

        foreach (Record record in _committing)
        {
            offset++;
            if (record.Message is not null)
            {
                Broker!.Distribute(record.Message.View(), record.Client, offset, ManualTime.StartNanoseconds);
            }

            Broker!.OnDistributed(offset);
            if (Restarted is not null)
            {
                Replay(record, offset, Restarted);
            }
        }

        Broker!.OnDistributed(end);
        _committing.Clear();
        _signalling.Clear();
    }

    private static void Replay(in Record record, long offset, Broker broker)
    {
        if (record.Message is null)
        {
            broker.Replay(record.Kind, record.Client, record.Content, ManualTime.StartNanoseconds);
            return;
        }

        PublishView message = record.Message.View();
        broker.Distribute(message, record.Client, offset, ManualTime.StartNanoseconds);
        if (message.Qos == 2)
        {
            broker.ReplayReceived(record.Client, record.Identifier, offset);
        }
    }

    private IntakeOutcome Append(List<Record> block, ICommitSignal signal, out long endOffset)
    {
        endOffset = 0;
        lock (_gate)
        {
            _attempts++;
            if (_attempts % RefusedEvery == 0 || _attempts % NoRoomEvery == 0)
            {
                return _attempts % NoRoomEvery == 0 ? IntakeOutcome.NoRoom : IntakeOutcome.Refused;
            }

            _waiting.AddRange(block);
            _signals.Add(signal);
            _appended += block.Count;
            endOffset = _appended;
            if (!_isCommitting)
            {
                _isCommitting = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        block.Clear();
        return IntakeOutcome.Appended;
    }

    /// <summary>A message, copied by the type that copies wills, or an event of a session.</summary>
    private readonly record struct Record(
        byte[] Client, SessionWill? Message, ushort Identifier, SessionEventKind Kind, byte[] Content);

    private sealed class ConnectionIntake(MemoryIntake owner, byte[] client) : IConnectionIntake
    {
        private readonly List<Record> _block = [];

        /// <summary>Offsets count records here, not bytes.</summary>
        public int BlockBytes => _block.Count;

        public void Add(in PublishView publish) =>
            _block.Add(new Record(client, new SessionWill(publish), publish.PacketIdentifier, default, []));

        public void Add(SessionEventKind kind, ReadOnlySpan<byte> content) =>
            _block.Add(new Record(client, null, 0, kind, content.ToArray()));

        public IntakeOutcome TryAppend(ICommitSignal signal, out long endOffset) =>
            owner.Append(_block, signal, out endOffset);

        public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
