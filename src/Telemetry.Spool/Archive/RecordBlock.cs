namespace Telemetry.Spool;

/// <summary>
/// Whole records of a segment, gaps among them, one behind the other as in its file, in memory that is used again.
/// </summary>
internal sealed class RecordBlock
{
    /// <summary>A block that has as many bytes is not added to.</summary>
    public const int BytesWanted = 1024 * 1024;

    private byte[] _buffer = [];

    /// <summary>Where it begins in the log.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>Where the log goes on behind it.</summary>
    public long EndOffset { get; set; }

    /// <summary>How many bytes of records it has.</summary>
    public int Count { get; private set; }

    /// <summary>The records.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Count);

    /// <summary>Empties it.</summary>
    public void Begin(long firstOffset)
    {
        FirstOffset = firstOffset;
        EndOffset = firstOffset;
        Count = 0;
    }

    /// <summary>Adds a record.</summary>
    public void Add(ReadOnlySpan<byte> record) => record.CopyTo(Extend(record.Length));

    /// <summary>Makes room for further bytes, which count from now on.</summary>
    public Span<byte> Extend(int bytes)
    {
        if (_buffer.Length - Count < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(Count + bytes, BytesWanted + (BytesWanted / 4)));
        }

        Count += bytes;
        return _buffer.AsSpan(Count - bytes, bytes);
    }
}
