using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Says which records of a segment give way by their lanes, and keeps the gateway's key of each, so that the ledger
/// closes. Belongs to one thread.
/// </summary>
internal sealed class LaneSieve(DecodedLog log, LaneTable lanes) : ISegmentSieve
{
    private readonly LaneTally[] _tallies = new LaneTally[lanes.Lanes.Count];
    private ThinPlan? _plan;
    private long _planned = -1;

    /// <summary>What gave way of the segment asked about last, by lane.</summary>
    public ReadOnlySpan<LaneTally> Tallies => _tallies;

    /// <inheritdoc/>
    public void Begin(long start, long end)
    {
        Array.Clear(_tallies);
        if (lanes.Thins && start != _planned)
        {
            _plan = ThinPlan.Of(log, lanes, start, end);
            _planned = start;
        }
    }

    /// <summary>Lets go of what it remembers of the last segment.</summary>
    public void End()
    {
        _plan = null;
        _planned = -1;
    }

    /// <inheritdoc/>
    public bool Drops(in RecordView record, out ReadOnlySpan<byte> remnant)
    {
        remnant = default;
        if (!lanes.TryFind(record, out int lane, out ReadOnlySpan<byte> gateway)
            || (lanes.Lanes[lane].WhenFull == WhenFull.Thin && !_plan!.Drops(record.Offset)))
        {
            return false;
        }

        remnant = gateway;
        _tallies[lane].Messages++;
        _tallies[lane].Bytes += record.NextOffset - record.Offset;
        return true;
    }
}

/// <summary>What gave way in a lane.</summary>
internal struct LaneTally
{
    /// <summary>Messages.</summary>
    public long Messages;

    /// <summary>Bytes of their records.</summary>
    public long Bytes;
}
