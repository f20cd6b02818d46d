using Microsoft.Extensions.Logging;

namespace Telemetry.Access;

/// <summary>
/// Counts failed attempts by source and minute. A source beyond its ceiling is not judged until its minute is over, so
/// guessing costs the guesser time and us no hashing. Told once per source and minute.
/// </summary>
internal sealed class AttemptLimiter(int failuresMax, int sourcesMax, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Record> _records = new(StringComparer.Ordinal);

    /// <summary>Whether an attempt from a source is to be refused unseen.</summary>
    public bool IsLimited(string source)
    {
        lock (_gate)
        {
            return Find(source) is { } record && record.Failures >= failuresMax;
        }
    }

    /// <summary>An attempt failed.</summary>
    public void OnFailure(string source)
    {
        int failures;
        lock (_gate)
        {
            Record record = Find(source) ?? Begin(source);
            failures = ++record.Failures;
        }

        if (failures == failuresMax)
        {
            log.AttemptsLimited(source, failures, failuresMax);
        }
    }

    /// <summary>The count of a minute that is not over; null when there is none.</summary>
    private Record? Find(string source)
    {
        if (!_records.TryGetValue(source, out Record? record))
        {
            return null;
        }

        if (time.GetElapsedTime(record.BeganAt) < Period)
        {
            return record;
        }

        _records.Remove(source);
        return null;
    }

    private Record Begin(string source)
    {
        if (_records.Count >= sourcesMax)
        {
            Sweep();
        }

        return _records[source] = new Record(time.GetTimestamp());
    }

    /// <summary>Lets go of minutes that are over; when none is, of all: a flood cannot hold memory.</summary>
    private void Sweep()
    {
        string[] over =
        [
            .. _records.Where(pair => time.GetElapsedTime(pair.Value.BeganAt) >= Period).Select(pair => pair.Key),
        ];
        if (over.Length == 0)
        {
            _records.Clear();
            return;
        }

        foreach (string source in over)
        {
            _records.Remove(source);
        }
    }

    private sealed class Record(long beganAt)
    {
        public long BeganAt { get; } = beganAt;

        public int Failures { get; set; }
    }
}
