using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Counts that the store keeps for someone, per gateway and hour, in the same transaction as the samples and the
/// cursor: after a crash they are those of exactly the records before the cursor. The thread that appends adds, any
/// thread reads.
/// </summary>
public sealed class StoreLedger : IDisposable
{
    private readonly SqliteFile _file;
    private readonly Statement _find;
    private readonly Statement _write;
    private readonly Lock _gate = new();

    // Rows of the hours now running with all that was ever added, so that a commit may be repeated.
    private readonly Dictionary<(long Hour, string Gateway), LedgerCounts> _open = [];
    private readonly HashSet<(long Hour, string Gateway)> _dirty = [];

    internal StoreLedger(SqliteFile file)
    {
        _file = file;
        _find = file.Prepare("SELECT * FROM ledger WHERE hour = ?1 AND gateway = ?2");
        _write = file.Prepare(
            "INSERT OR REPLACE INTO ledger VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    }

    /// <summary>Adds counts; they are seen at once, and survive a crash after the next checkpoint.</summary>
    public void Add(long hour, string gateway, in LedgerCounts counts)
    {
        lock (_gate)
        {
            (long, string) key = (hour, gateway);
            if (!_open.TryGetValue(key, out LedgerCounts sum))
            {
                sum = Find(hour, gateway);
            }

            sum.Add(counts);
            _open[key] = sum;
            _dirty.Add(key);
        }
    }

    /// <summary>Lines of the hours from <paramref name="from"/> to before <paramref name="to"/>, in order.</summary>
    /// <param name="from">First hour, in hours since 1970.</param>
    /// <param name="to">The hour behind the last.</param>
    /// <param name="countMax">The oldest as many.</param>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public IReadOnlyList<LedgerLine> Read(long from, long to, int countMax)
    {
        var lines = new SortedDictionary<(long Hour, string Gateway), LedgerCounts>(KeyOrder.Instance);
        using (SqliteFile file = SqliteFile.OpenToRead(_file.Path))
        using (Statement rows = file.Prepare(
            "SELECT * FROM ledger WHERE hour >= ?1 AND hour < ?2 ORDER BY hour, gateway LIMIT ?3"))
        {
            rows.Bind(1, from).Bind(2, to).Bind(3, countMax);
            while (rows.Step())
            {
                lines[(rows.Int64(0), rows.Text(1))] = CountsOf(rows);
            }
        }

        lock (_gate)
        {
            foreach (((long Hour, string Gateway) key, LedgerCounts counts) in _open)
            {
                if (key.Hour >= from && key.Hour < to)
                {
                    lines[key] = counts;
                }
            }
        }

        return [.. lines.Take(countMax).Select(line => new LedgerLine(line.Key.Hour, line.Key.Gateway, line.Value))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _find.Dispose();
        _write.Dispose();
    }

    /// <summary>Writes what was added, within the checkpoint's transaction.</summary>
    internal void Write()
    {
        foreach ((long hour, string gateway) in _dirty)
        {
            LedgerCounts counts = _open[(hour, gateway)];
            _write.Bind(1, hour)
                .Bind(2, gateway)
                .Bind(3, counts.Received)
                .Bind(4, counts.Decoded)
                .Bind(5, counts.NotAMeasurement)
                .Bind(6, counts.NoRoute)
                .Bind(7, counts.Quarantined)
                .Bind(8, counts.Duplicate)
                .Bind(9, counts.Dropped)
                .Bind(10, counts.Missing)
                .Bind(11, counts.Points)
                .Bind(12, counts.Stored)
                .Bind(13, counts.Refused)
                .Run();
        }
    }

    /// <summary>The checkpoint is durable: hours that are over need no memory.</summary>
    internal void OnCheckpoint()
    {
        lock (_gate)
        {
            long newest = _dirty.Count > 0 ? _dirty.Max(key => key.Hour) : 0;
            _dirty.Clear();
            foreach ((long Hour, string Gateway) key in _open.Keys.Where(key => key.Hour < newest).ToArray())
            {
                _open.Remove(key);
            }
        }
    }

    private LedgerCounts Find(long hour, string gateway)
    {
        _find.Bind(1, hour).Bind(2, gateway);
        try
        {
            return _find.Step() ? CountsOf(_find) : default;
        }
        finally
        {
            _find.Reset();
        }
    }

    private static LedgerCounts CountsOf(Statement row) => new()
    {
        Received = row.Int64(2),
        Decoded = row.Int64(3),
        NotAMeasurement = row.Int64(4),
        NoRoute = row.Int64(5),
        Quarantined = row.Int64(6),
        Duplicate = row.Int64(7),
        Dropped = row.Int64(8),
        Missing = row.Int64(9),
        Points = row.Int64(10),
        Stored = row.Int64(11),
        Refused = row.Int64(12),
    };

    /// <summary>By hour, then by gateway as SQLite orders text: by its bytes.</summary>
    private sealed class KeyOrder : IComparer<(long Hour, string Gateway)>
    {
        public static KeyOrder Instance { get; } = new();

        public int Compare((long Hour, string Gateway) a, (long Hour, string Gateway) b)
        {
            int byHour = a.Hour.CompareTo(b.Hour);
            return byHour != 0 ? byHour : string.CompareOrdinal(a.Gateway, b.Gateway);
        }
    }
}
