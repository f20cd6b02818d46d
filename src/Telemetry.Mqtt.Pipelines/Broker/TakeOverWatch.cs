namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Notices two devices that fight over one client identifier: each throws the other out, for ever, and neither says
/// why. The broker owns it under its lock.
/// </summary>
internal sealed class TakeOverWatch
{
    /// <summary>The window in which take-overs are counted.</summary>
    public const int WindowSeconds = 60;

    /// <summary>Take-overs within the window that no device makes by itself, however bad its link.</summary>
    public const int CountMin = 5;

    private const int WatchedMax = 10_000; // identifiers taken over of late; beyond it the oldest knowledge goes
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _recent = [];

    /// <summary>Notes a take-over; gives how many there were within the window.</summary>
    public int Note(string clientIdentifier, DateTimeOffset now)
    {
        if (_recent.Count >= WatchedMax)
        {
            _recent.Clear();
        }

        bool isRecent = _recent.TryGetValue(clientIdentifier, out (DateTimeOffset Since, int Count) seen)
            && (now - seen.Since).TotalSeconds < WindowSeconds;
        _recent[clientIdentifier] = isRecent ? (seen.Since, seen.Count + 1) : (now, 1);
        return isRecent ? seen.Count + 1 : 1;
    }
}
