using System.Threading.Channels;
using Telemetry.Alarms;

namespace Telemetry.Ingestion;

/// <summary>
/// Transitions → people who watch. A watcher that does not keep up is dropped and must ask for the board again.
/// </summary>
public sealed class AlarmFeed : IAlarmListener
{
    private const int QueuedMax = 1_000; // per watcher; a flood is 10 in 10 minutes
    private readonly AlarmDesk _desk;
    private readonly Lock _lock = new();
    private Channel<AlarmMessage>[] _watchers = [];
    private long _dropped;

    /// <param name="desk">Whose transitions are told.</param>
    public AlarmFeed(AlarmDesk desk)
    {
        _desk = desk;
        desk.Add(this);
    }

    /// <summary>Watchers dropped because they did not keep up.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>
    /// Starts watching: first the standing alarms, then every transition from there on, none missing. The channel
    /// completes when the watcher is dropped.
    /// </summary>
    public (IReadOnlyList<AlarmMessage> Board, ChannelReader<AlarmMessage> Changes) Watch()
    {
        Channel<AlarmMessage> channel = Channel.CreateBounded<AlarmMessage>(QueuedMax);
        lock (_lock)
        {
            _watchers = [.. _watchers, channel];
        }

        // The board is read after the channel is there: a transition between the two comes twice rather than never.
        return (Standing(), channel.Reader);
    }

    /// <summary>All alarms that are not normal.</summary>
    public IReadOnlyList<AlarmMessage> Standing()
    {
        AlarmSnapshot snapshot = _desk.Snapshot;
        return [.. snapshot.Standing.Select(alarm => AlarmMessage.Of(alarm, snapshot.IsCovered(alarm)))];
    }

    /// <summary>Stops watching.</summary>
    public void Leave(ChannelReader<AlarmMessage> changes)
    {
        lock (_lock)
        {
            _watchers = [.. _watchers.Where(watcher => watcher.Reader != changes)];
        }
    }

    /// <inheritdoc/>
    public void OnChange(in AlarmChange change)
    {
        AlarmMessage message = AlarmMessage.Of(change.Alarm, _desk.Snapshot.IsCovered(change.Alarm));
        foreach (Channel<AlarmMessage> watcher in Volatile.Read(ref _watchers))
        {
            if (!watcher.Writer.TryWrite(message))
            {
                watcher.Writer.TryComplete();
                Leave(watcher.Reader);
                Interlocked.Increment(ref _dropped);
            }
        }
    }
}
