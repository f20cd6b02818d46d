namespace Telemetry.Spool;

/// <summary>
/// Reads durable records in order, from the archive and then from the spool, up to what was durable when it was opened.
/// Dropped records are left out; what is missing or unreadable is passed over and counted. One thread at a time.
/// </summary>
public sealed class HistoryReader : IDisposable
{
    private readonly SegmentLog _segments;
    private readonly SegmentArchive? _archive;
    private readonly IFileSystem _files;
    private readonly long _end;
    private readonly RecordBlock _block = new();
    private IBlockSource? _source;
    private long _sourceEnd;
    private int _at; // in the block
    private long _offset; // of what stands there
    private bool _isDisposed;
    private long _skippedBefore; // in sources that are closed, and between them

    internal HistoryReader(SegmentLog segments, SegmentArchive? archive, IFileSystem files, long offset)
    {
        _segments = segments;
        _archive = archive;
        _files = files;
        _end = segments.EndOffset;
        archive?.OnReader();
        Position = offset;
    }

    /// <summary>Where the next record is looked for.</summary>
    public long Position { get; private set; }

    /// <summary>All bytes of the log that were passed over because they were missing or unreadable.</summary>
    public long SkippedBytes => _skippedBefore + (_source?.SkippedBytes ?? 0);

    /// <summary>The next record; false at the end.</summary>
    /// <param name="record">The record; valid until the next call.</param>
    /// <exception cref="IOException">The disk refused to read.</exception>
    public bool TryRead(out RecordView record)
    {
        record = default;
        while (Position < _end)
        {
            if (_at < _block.Count)
            {
                if (TryReadHere(out record))
                {
                    return true;
                }
            }
            else if (!TryNextBlock())
            {
                Leave();
                Enter();
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _source?.Dispose();
            _archive?.OnReaderGone();
        }
    }

    // Of a block only what stands at the position or behind it is wanted, and no gap.
    private bool TryReadHere(out RecordView record)
    {
        ReadOnlySpan<byte> bytes = _block.Bytes[_at..];
        SpoolRecord.CheckHeader(bytes, out int recordBytes);
        bytes = bytes[..recordBytes];
        record = new RecordView(_offset, bytes);
        bool isWanted = _offset >= Position && !SpoolGap.IsGap(bytes);
        _at += recordBytes;
        _offset += SpoolGap.SpanOf(bytes);
        Position = Math.Max(Position, _offset);
        return isWanted;
    }

    private bool TryNextBlock()
    {
        _at = 0;
        if (_source is null || !_source.TryNext(_block))
        {
            _block.Begin(Position);
            return false;
        }

        _offset = _block.FirstOffset;
        if (_block.Count == 0)
        {
            Position = Math.Max(Position, _block.EndOffset);
        }

        return true;
    }

    private void Leave()
    {
        if (_source is { } source)
        {
            _skippedBefore += source.SkippedBytes;
            Position = Math.Max(Position, _sourceEnd);
            source.Dispose();
            _source = null;
        }
    }

    // The spool first: what is not in it any more is in the archive by then.
    private void Enter()
    {
        Segment[] live = _segments.Segments;
        bool isLive = live is [var first, ..] && first.FirstOffset <= Position;
        if (!isLive && _archive?.Find(Position) is { } archived)
        {
            TryOpen(archived.Path, archived.FirstOffset, archived.EndOffset, archived.IsPacked);
        }
        else if (Array.Find(live, segment => segment.EndOffset > Position) is { } segment)
        {
            TryOpen(segment.Path, segment.FirstOffset, segment.EndOffset, isPacked: false);
        }
        else
        {
            Pass(_end);
        }
    }

    private void TryOpen(string path, long firstOffset, long endOffset, bool isPacked)
    {
        Pass(firstOffset);
        try
        {
            IFile file = _files.Open(path, FileIntent.Read);
            _sourceEnd = Math.Min(endOffset, _end);
            _source = isPacked
                ? new PackedBlocks(file, firstOffset, endOffset, Position)
                : new PlainBlocks(file, firstOffset, _sourceEnd);
        }
        catch (FileNotFoundException) when (IsListed(path))
        {
            Pass(endOffset); // somebody else took it away
        }
        catch (FileNotFoundException)
        {
            // Moved, packed or deleted since the look at the tables, which know by now.
        }
    }

    private bool IsListed(string path) =>
        _archive?.Lists(path) == true || Array.Exists(_segments.Segments, segment => segment.Path == path);

    // What lies between is gone.
    private void Pass(long offset)
    {
        _skippedBefore += Math.Max(0, Math.Min(offset, _end) - Position);
        Position = Math.Max(Position, offset);
    }
}
