using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace Telemetry.Store;

/// <summary>One connection to the store's SQLite file, used by one thread at a time.</summary>
/// <remarks>
/// SQLite's own calls are used and not ADO.NET's, because they take and give spans: no array per blob.
/// </remarks>
internal sealed class SqliteFile : IDisposable
{
    private const int PrimaryCodeMask = 0xFF;
    private const int BusyMilliseconds = 5_000; // only another process can make the one writer wait
    private readonly sqlite3 _handle;

    static SqliteFile() => Batteries_V2.Init();

    private SqliteFile(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>True when nothing can be written by it.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") == 1;

    public static SqliteFile OpenToWrite(string path) => Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    public static SqliteFile OpenToRead(string path) => File.Exists(path)
        ? Open(path, raw.SQLITE_OPEN_READONLY)
        : throw new StoreException(
            path,
            $"cannot open store '{path}': there is no such file; name the service's data directory",
            sqliteCode: 0);

    /// <summary>Runs statements that give no rows or whose rows do not matter.</summary>
    public void Execute(string sql)
    {
        using Statement statement = Prepare(sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>The first column of the first row; 0 when there is none.</summary>
    public long ReadInt64(string sql)
    {
        using Statement statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement), "prepare a statement");
        return new Statement(this, statement);
    }

    /// <summary>Ends a transaction that did not come to its commit; SQLite may have ended it already.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    public void Check(int code, string act)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Throw(code, act);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static SqliteFile Open(string path, int flags)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var file = new SqliteFile(path, handle);
        try
        {
            file.Check(code, "open the file");
            file.Check(raw.sqlite3_busy_timeout(handle, BusyMilliseconds), "set the busy timeout");
            Debug.Assert(raw.sqlite3_threadsafe() != 0, "connections are used by several threads, one at a time");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    [DoesNotReturn]
    private void Throw(int code, string act)
    {
        string cause = raw.sqlite3_errmsg(_handle).utf8_to_string();
        throw new StoreException(
            Path, $"cannot {act} in store '{Path}': {cause}; SQLite code {code}", code & PrimaryCodeMask);
    }
}
