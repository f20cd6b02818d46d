namespace Telemetry.Store;

/// <summary>The tables of the store's file (docs/formats/store.md) and what the connection to them needs.</summary>
internal static class Schema
{
    /// <summary>The version that is written.</summary>
    public const int Version = 3;

    /// <summary>The oldest version that is read; opening it makes it the present one.</summary>
    private const int VersionMin = 1;

    // 8 KB: chunks of 0.4 to 4 KB fill pages well, and a checkpoint that touches a page writes no more than it must.
    private const string Pragmas = """
        PRAGMA page_size = 8192;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA temp_store = MEMORY;
        """;

    private static readonly string[] Tables =
    [
        "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
        // Names are bytes, not text, and numbers may be NULL: SQLite ends text at a zero and has no NaN.
        """
        CREATE TABLE IF NOT EXISTS sources (
            number INTEGER PRIMARY KEY, series BLOB NOT NULL, field BLOB NOT NULL, unit BLOB NOT NULL,
            scale REAL, offset REAL)
        """,
        "CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, key BLOB NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS fields (
            id INTEGER PRIMARY KEY, series INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS chunks (
            id INTEGER PRIMARY KEY, field INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
            count INTEGER NOT NULL, first REAL, last REAL, min REAL, max REAL, sum REAL, chunk BLOB NOT NULL)
        """,
        "CREATE INDEX IF NOT EXISTS chunks_by_field ON chunks (field, last_time, first_time)",
        """
        CREATE TABLE IF NOT EXISTS heads (
            id INTEGER PRIMARY KEY, sealed_through INTEGER NOT NULL, span_max INTEGER NOT NULL, parts BLOB)
        """,
        """
        CREATE TABLE IF NOT EXISTS rollups (
            id INTEGER PRIMARY KEY, field INTEGER NOT NULL, level INTEGER NOT NULL, day INTEGER NOT NULL,
            windows BLOB NOT NULL)
        """,
        "CREATE UNIQUE INDEX IF NOT EXISTS rollups_by_day ON rollups (field, level, day)",
        "CREATE TABLE IF NOT EXISTS rollup_progress (field INTEGER PRIMARY KEY, through INTEGER NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS late_chunks (
            id INTEGER PRIMARY KEY, field INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL)
        """,
        "CREATE INDEX IF NOT EXISTS late_chunks_by_field ON late_chunks (field)",
        "CREATE TABLE IF NOT EXISTS set_aside (id INTEGER PRIMARY KEY, head INTEGER NOT NULL, parts BLOB NOT NULL)",
        "CREATE TABLE IF NOT EXISTS cursor (lane INTEGER PRIMARY KEY, offset INTEGER NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS ledger (
            hour INTEGER NOT NULL, gateway TEXT NOT NULL, received INTEGER NOT NULL, decoded INTEGER NOT NULL,
            not_a_measurement INTEGER NOT NULL, no_route INTEGER NOT NULL, quarantined INTEGER NOT NULL,
            recovered INTEGER NOT NULL, duplicate INTEGER NOT NULL, dropped INTEGER NOT NULL,
            missing INTEGER NOT NULL, points INTEGER NOT NULL, stored INTEGER NOT NULL, refused INTEGER NOT NULL,
            PRIMARY KEY (hour, gateway)) WITHOUT ROWID
        """,
        "CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    ];

    /// <summary>Prepares a connection for writing and makes what is missing.</summary>
    public static void Apply(SqliteFile file)
    {
        foreach (string pragma in Pragmas.Split('\n'))
        {
            file.Execute(pragma);
        }

        file.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (string table in Tables)
            {
                file.Execute(table);
            }

            RequireVersion(file);
            file.Execute("COMMIT");
        }
        catch
        {
            file.RollBack();
            throw;
        }
    }

    /// <summary>Refuses any other version, an older one too: taking that on would write to the file.</summary>
    public static void RequirePresentVersion(SqliteFile file) => RequireVersion(file, Version);

    private static void RequireVersion(SqliteFile file)
    {
        file.Execute($"INSERT OR IGNORE INTO meta VALUES ('schema', {Version})");
        RequireVersion(file, VersionMin);
        file.Execute($"UPDATE meta SET value = {Version} WHERE name = 'schema'");
    }

    private static void RequireVersion(SqliteFile file, int oldest)
    {
        long found = file.ReadInt64("SELECT value FROM meta WHERE name = 'schema'");
        if (found < oldest || found > Version)
        {
            throw new StoreException(
                file.Path,
                $"cannot open store '{file.Path}': expected schema {Version}, found {found}; nothing was changed",
                sqliteCode: 0);
        }
    }
}
