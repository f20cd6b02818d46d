using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>An intake whose commits the test triggers; it counts, and keeps the text of what it was given.</summary>
internal sealed class FakeIntake : IIntake
{
    private readonly Lock _gate = new();
    private readonly List<ICommitSignal> _signals = [];
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _appended;
    private long _committed;

    /// <summary>What the next attempts to append get.</summary>
    public IntakeOutcome Outcome { get; set; } = IntakeOutcome.Appended;

    /// <summary>Commit at once inside the append, as a very fast disk would.</summary>
    public bool CommitsAtOnce { get; set; }

    /// <summary>Keep no text: for counting allocations.</summary>
    public bool CountsOnly { get; set; }

    /// <summary>Gets each message as it is added.</summary>
    public Broker? Distributes { get; set; }

    public List<string> Messages { get; } = [];

    public int Appends { get; private set; }

    public int Attempts { get; private set; }

    public IConnectionIntake Open(string clientIdentifier, string? userName) =>
        new ConnectionIntake(this, Encoding.UTF8.GetBytes(clientIdentifier));

    /// <summary>Makes everything durable that was appended.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            _committed = _appended;
            foreach (ICommitSignal signal in _signals)
            {
                signal.OnCommitted(_committed);
            }

            _signals.Clear();
        }
    }

    public void MakeRoom()
    {
        Outcome = IntakeOutcome.Appended;
        TaskCompletionSource room = _room;
        _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        room.SetResult();
    }

    public string[] Seen()
    {
        lock (_gate)
        {
            return [.. Messages];
        }
    }

    private sealed class ConnectionIntake(FakeIntake owner, byte[] client) : IConnectionIntake
    {
        private int _added;

        public void Add(in PublishView publish)
        {
            _added++;
            if (!owner.CountsOnly)
            {
                lock (owner._gate)
                {
                    string topic = Encoding.UTF8.GetString(publish.Topic);
                    owner.Messages.Add($"{topic}={Encoding.UTF8.GetString(publish.Payload)}");
                }

                owner.Distributes?.Distribute(publish, client);
            }
        }

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
                owner._appended += _added;
                _added = 0;
                endOffset = owner._appended;
                owner._signals.Add(signal);
            }

            if (owner.CommitsAtOnce)
            {
                owner.Commit();
            }

            return IntakeOutcome.Appended;
        }

        public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken) =>
            await owner._room.Task.WaitAsync(cancellationToken);
    }
}
