using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// A store's file as the last checkpoint left it when it was opened, for reading only, beside a service that goes on
/// writing to it. One thread at a time.
/// </summary>
public sealed class StoreHistory : ISampleSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly StoreMetrics _metrics = new();
    private readonly HeadTable _table;
    private readonly SampleReader _reader;

    private StoreHistory(SqliteFile file)
    {
        _table = new HeadTable(Catalogue, new StoreOptions { Path = file.Path }, _metrics);
        Schema.RequirePresentVersion(file);
        file.Execute("BEGIN"); // one moment: a sample is in an open chunk or in a sealed one
        new StoreLoader(file, Catalogue, _table, _metrics, NullLogger.Instance).Load();
        file.Execute("COMMIT");
        _reader = new SampleReader(file.Path, new CorruptChunks(Catalogue, _metrics, NullLogger.Instance));
    }

    /// <inheritdoc/>
    public SeriesCatalogue Catalogue { get; } = new();

    /// <summary>Chunks that could not be read and were left out; <see cref="StoreVerification"/> names them.</summary>
    public long DamagedCount => _metrics.ChunksCorrupt;

    /// <summary>Opens a store's file.</summary>
    /// <exception cref="StoreException">There is none, it cannot be read, or another version wrote it.</exception>
    public static StoreHistory Open(string path)
    {
        using SqliteFile file = SqliteFile.OpenToRead(path);
        return new StoreHistory(file);
    }

    /// <inheritdoc/>
    public void Read<TVisitor>(int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct =>
        _reader.Read(_table, _gate, fieldId, from, to, ref visitor);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _reader.Dispose();
}
