using System.Text;
using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What a change of rights means for sessions that are there already: they give up the subscriptions that they may not
/// have any more. Those of an identity that may not connect stay, since nobody gets their messages. The broker owns it
/// under its lock.
/// </summary>
internal sealed class RightsReview(SessionTable sessions, SubscriptionTable subscriptions, ILogger log)
{
    private const int Passes = 2; // a SUBSCRIBE that the old rights allowed may still wait for its commit

    private Func<string, string, IClientRights?>? _findRights;
    private int _passesLeft;

    /// <summary>Rights have changed: looks at all sessions when run next.</summary>
    /// <param name="findRights">The rights of an identity under a client identifier; null when it has none.</param>
    public void Begin(Func<string, string, IClientRights?> findRights)
    {
        _findRights = findRights;
        _passesLeft = Passes;
    }

    /// <summary>Whether a session that is away may still publish its will.</summary>
    public bool MaySend(SessionWill will, ClientSession state) => state.Owner is not { } owner
        || _findRights is null
        || (_findRights(owner, state.ClientIdentifier)?.MayPublish(will.View().Topic) ?? false);

    /// <summary>Looks at all sessions if that is due; what cannot be appended is tried again.</summary>
    public void Run(IIntake intake, ICommitSignal signal)
    {
        if (_passesLeft == 0)
        {
            return;
        }

        bool isDone = true;
        foreach (LiveSession session in sessions.All)
        {
            ClientSession state = session.State;
            if (state.Owner is { } owner && _findRights!(owner, state.ClientIdentifier) is { } rights)
            {
                Subscription[] lost = [.. session.Granted.Values.Where(held => !rights.MaySubscribe(held.Filter))];
                isDone &= lost.Length == 0 || TryWithdraw(session, lost, intake, signal);
            }
        }

        _passesLeft = isDone ? _passesLeft - 1 : Passes;
    }

    private bool TryWithdraw(LiveSession session, Subscription[] lost, IIntake intake, ICommitSignal signal)
    {
        ClientSession state = session.State;
        if (state.IsDurable)
        {
            IConnectionIntake way = intake.Open(state.ClientIdentifier, state.Owner);
            foreach (Subscription subscription in lost)
            {
                way.Add(SessionEventKind.Unsubscribed, Encoding.UTF8.GetBytes(subscription.Terms.Filter));
            }

            if (way.TryAppend(signal, out _) != IntakeOutcome.Appended)
            {
                return false;
            }
        }

        foreach (Subscription subscription in lost)
        {
            subscriptions.Remove(session, subscription.Terms.Filter);
            MqttLog.SubscriptionWithdrawn(log, state.ClientIdentifier, state.Owner!, subscription.Terms.Filter);
        }

        session.Connection?.Stop(ReasonCode.NotAuthorized); // it is to know, and to ask anew for what it may have
        return true;
    }
}
