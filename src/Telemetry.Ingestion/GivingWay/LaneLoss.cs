using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>The account of one lane. One thread changes it, any may look.</summary>
internal sealed class LaneLoss(TrafficLane lane)
{
    /// <summary>The lane as the site in force has it.</summary>
    public TrafficLane Lane { get; set; } = lane;

    /// <summary>Messages that gave way since the service started.</summary>
    public long Messages { get; private set; }

    /// <summary>Messages that gave way since the alarm ended last.</summary>
    public long MessagesOfEpisode { get; set; }

    /// <summary>Bytes of their records.</summary>
    public long Bytes { get; private set; }

    /// <summary>Arrival time when the last went, nanoseconds since 1970; 0: never.</summary>
    public long LastAt { get; private set; }

    /// <summary>Timestamp since which nothing has gone.</summary>
    public long QuietSince { get; set; }

    /// <summary>Whether its alarm is on.</summary>
    public bool IsOn { get; set; }

    /// <summary>Counts what gave way.</summary>
    /// <param name="tally">How much.</param>
    /// <param name="now">Arrival time, nanoseconds since 1970.</param>
    /// <param name="timestamp">The same moment as a timestamp.</param>
    public void Add(in LaneTally tally, long now, long timestamp)
    {
        MessagesOfEpisode += tally.Messages;
        Messages += tally.Messages;
        Bytes += tally.Bytes;
        LastAt = now;
        QuietSince = timestamp;
    }

    /// <summary>How it is shown.</summary>
    public LaneView View => new(
        Lane.Name, LaneView.NameOf(Lane.WhenFull), Messages, Bytes, LastAt / Timestamp.NanosecondsPerMillisecond, IsOn);
}
