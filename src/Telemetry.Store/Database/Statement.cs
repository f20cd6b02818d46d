using SQLitePCL;

namespace Telemetry.Store;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class Statement(SqliteFile file, sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int parameter, long value) => Checked(raw.sqlite3_bind_int64(handle, parameter, value));

    public Statement Bind(int parameter, double value) => Checked(raw.sqlite3_bind_double(handle, parameter, value));

    public Statement Bind(int parameter, string value) => Checked(raw.sqlite3_bind_text(handle, parameter, value));

    public Statement Bind(int parameter, ReadOnlySpan<byte> value) =>
        Checked(raw.sqlite3_bind_blob(handle, parameter, value));

    public Statement BindNull(int parameter) => Checked(raw.sqlite3_bind_null(handle, parameter));

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        file.Check(code, "run a statement");
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement without rows and makes it ready for the next parameters.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes it ready for the next parameters; the columns' bytes are gone.</summary>
    public void Reset()
    {
        // The code is that of the last step, which was checked there.
        _ = raw.sqlite3_reset(handle);
    }

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>The bytes of a blob, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();

    private Statement Checked(int code)
    {
        file.Check(code, "bind a parameter");
        return this;
    }
}
