using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// How often one edge node may be asked for its births: half a minute apart at first, twice as long each time up to ten
/// minutes, and from the beginning again when it was not needed for long.
/// </summary>
internal sealed class RebirthPacing
{
    private const long First = SparkplugLimits.RebirthSecondsFirst * Timestamp.NanosecondsPerSecond;
    private const long Longest = SparkplugLimits.RebirthSecondsMax * Timestamp.NanosecondsPerSecond;
    private long _pause = First;

    /// <summary>Requests so far.</summary>
    public long Count { get; private set; }

    /// <summary>Arrival of the message that made the last one; 0 for never.</summary>
    public long LastAt { get; private set; }

    public bool IsDue(long now) => Count == 0 || now - LastAt >= _pause;

    public void OnAsked(long now)
    {
        bool isLongAgo = Count == 0 || now - LastAt >= 2 * Longest;
        _pause = isLongAgo ? First : Math.Min(Longest, 2 * _pause);
        LastAt = now;
        Count++;
    }

    public void Save(scoped in StateWriter writer)
    {
        writer.Int64(_pause);
        writer.Int64(Count);
        writer.Int64(LastAt);
    }

    public void Restore(scoped ref StateReader reader)
    {
        _pause = reader.Int64();
        Count = reader.Int64();
        LastAt = reader.Int64();
    }
}
