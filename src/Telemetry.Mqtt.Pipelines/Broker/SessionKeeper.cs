namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Looks each second after the sessions whose clients are away: sends wills that are due and ends sessions whose time
/// is over. What cannot be appended is tried again the next second.
/// </summary>
internal sealed class SessionKeeper(
    Lock gate,
    SessionTable sessions,
    RightsReview rights,
    IIntake intake,
    MqttMetrics metrics,
    TimeProvider time) : ICommitSignal
{
    private readonly List<LiveSession> _due = [];

    /// <inheritdoc/>
    public void OnCommitted(long durableOffset)
    {
        // Nobody waits for a will to be durable.
    }

    /// <summary>One look.</summary>
    public void Run()
    {
        lock (gate)
        {
            rights.Run(intake, this);
            long now = time.GetUnixNanoseconds();
            _due.Clear();
            _due.AddRange(sessions.All.Where(session => IsDue(session, now)));
            foreach (LiveSession session in _due)
            {
                Settle(session, now);
            }
        }
    }

    private static bool IsDue(LiveSession session, long now) =>
        session.Connection is null && (session.State.IsWillDue(now) || session.State.IsExpired(now));

    private static void Add(in PublishView will, IConnectionIntake way)
    {
        way.Add(will);
        if (will.Qos == 2)
        {
            way.Add(SessionEventKind.Released, SessionWill.Release);
        }
    }

    private void Settle(LiveSession session, long now)
    {
        ClientSession state = session.State;
        IConnectionIntake way = intake.Open(state.ClientIdentifier, state.Owner);
        bool isOver = state.IsExpired(now);
        bool isSent = state.Will is { } will && rights.MaySend(will, state);
        if (isSent)
        {
            Add(state.Will!.View(), way);
        }

        if (state.Will is not null)
        {
            way.Add(SessionEventKind.WillSent, default);
        }

        if (isOver)
        {
            way.Add(SessionEventKind.Ended, default);
        }

        if (way.TryAppend(this, out _) != IntakeOutcome.Appended)
        {
            return;
        }

        if (isSent)
        {
            metrics.OnWillPublished();
        }

        state.Will = null; // it was due, or it goes with the session
        if (isOver)
        {
            metrics.OnSessionExpired();
            sessions.End(session);
        }
    }
}
