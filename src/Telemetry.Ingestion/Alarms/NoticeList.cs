using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What is worth a look but no reason to wake anyone.</summary>
/// <param name="Signal">Its signal, for instance <c>CR-201.motor_current</c>.</param>
/// <param name="Unit">Unit of the finding's value and limit, UCUM.</param>
/// <param name="Finding">What was found.</param>
public sealed record Notice(string Signal, string Unit, Finding Finding);

/// <summary>
/// The latest notices, for those who look. They are told by the log again after a restart as far as detection reads it
/// again, and otherwise gone: what must not be lost is an alarm.
/// </summary>
public sealed class NoticeList
{
    private readonly Lock _lock = new();
    private readonly Queue<Notice> _latest = new();
    private long _count;

    /// <summary>All notices since the start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The latest ones, newest first.</summary>
    public IReadOnlyList<Notice> Latest()
    {
        lock (_lock)
        {
            return [.. _latest.Reverse()];
        }
    }

    /// <summary>Takes one; the oldest goes when there are too many.</summary>
    public void Add(Notice notice)
    {
        lock (_lock)
        {
            if (_latest.Count == IngestionLimits.NoticeCountMax)
            {
                _latest.Dequeue();
            }

            _latest.Enqueue(notice);
        }

        Interlocked.Increment(ref _count);
    }
}
