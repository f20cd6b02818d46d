namespace Telemetry.Store;

/// <summary>The store's file cannot be opened, read or written. Nothing that was appended is lost by it.</summary>
public sealed class StoreException : Exception
{
    private const int SqliteFull = 13; // SQLITE_FULL, https://www.sqlite.org/rescode.html

    internal StoreException(string path, string message, int sqliteCode)
        : base(message)
    {
        Path = path;
        SqliteCode = sqliteCode;
    }

    /// <summary>The store's file.</summary>
    public string Path { get; }

    /// <summary>SQLite's primary result code; 0 when the cause is not SQLite's.</summary>
    public int SqliteCode { get; }

    /// <summary>The disk, or a ceiling on the file, is full; the same call may succeed later.</summary>
    public bool IsDiskFull => SqliteCode == SqliteFull;
}
