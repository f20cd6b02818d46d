using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Fuzz;

/// <summary>
/// Another broker that knows only what a restart would: a checkpoint and the log behind it. When nobody but the canary
/// is connected, it has to know the same sessions and subscriptions, and all messages that wait.
/// </summary>
internal sealed class RestartCheck(FuzzServer server, bool comparesQueues) : IDisposable
{
    // A session whose time ends while its begin waits for room comes back, and ends by its time again. That is rare;
    // more is a fault.
    private const int Slack = 3;

    // A change of subscriptions takes effect behind what was durable when it came, which may be behind its place in the
    // log: the few messages in between are queued here and not there, or with another subscription identifier. This is
    // two of the largest.
    private const int SlackBytes = 4_096;

    private readonly MqttMetrics _metrics = new();
    private Broker? _restarted;
    private int _sessionsAtFirst;
    private int _subscriptionsAtFirst;
    private int _farewellsLost;

    /// <summary>Begins anew, from a checkpoint, at a time when only the canary is there.</summary>
    /// <returns>What is wrong with the checkpoint; null when nothing is.</returns>
    public string? Begin()
    {
        _restarted?.Dispose();
        var options = new MqttServerOptions
        {
            RetainedMessagesMax = server.Options.RetainedMessagesMax,
            SubscriptionsPerClientMax = server.Options.SubscriptionsPerClientMax,
        };
        _restarted = new Broker(options, _metrics, server.Time, NullLogger<Broker>.Instance);
        byte[] checkpoint = server.Broker.Save(server.Intake.DurableOffset);
        if (!_restarted.TryLoad(checkpoint))
        {
            return $"a checkpoint that cannot be read: {Convert.ToHexString(checkpoint)}";
        }

        _sessionsAtFirst = _restarted.SessionCount;
        _subscriptionsAtFirst = _restarted.SubscriptionCount;
        _farewellsLost = server.Log.FarewellsLost;
        server.Intake.Restarted = _restarted;
        byte[] again = _restarted.Save(server.Intake.DurableOffset);
        return again.AsSpan().SequenceEqual(checkpoint) ? null
            : $"a checkpoint that is saved otherwise than loaded: {Convert.ToHexString(checkpoint)}";
    }

    /// <summary>Whether both know the same; always so when a farewell was lost, since then a restart cannot.</summary>
    public bool IsSame()
    {
        Broker live = server.Broker;
        int sessions = _restarted!.SessionCount - _sessionsAtFirst - (live.SessionCount - 1);
        int subscriptions = _restarted.SubscriptionCount - _subscriptionsAtFirst - (live.SubscriptionCount - 1);
        return server.Log.FarewellsLost != _farewellsLost
            || (sessions is >= 0 and <= Slack && subscriptions is >= 0 and <= Slack
                && (!comparesQueues || BytesOf(live) <= BytesOf(_restarted) + SlackBytes));
    }

    public override string ToString()
    {
        Broker live = server.Broker;
        return $"sessions {live.SessionCount - 1}, subscriptions {live.SubscriptionCount - 1}, "
            + $"{BytesOf(live)} bytes; after a restart {_restarted!.SessionCount - _sessionsAtFirst}, "
            + $"{_restarted.SubscriptionCount - _subscriptionsAtFirst}, {BytesOf(_restarted)}";
    }

    public void Dispose() => _restarted?.Dispose();

    /// <summary>
    /// A measure of what is known: the queues' own bytes are none, since they hold what is done behind what is not.
    /// </summary>
    private int BytesOf(Broker broker) => broker.Save(server.Intake.DurableOffset).Length;
}
