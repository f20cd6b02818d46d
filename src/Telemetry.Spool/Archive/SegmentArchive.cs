using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>
/// The log behind the spool: segments that everyone has released, moved here instead of being deleted, packed later,
/// and deleted when the budget or the disk wants it, the oldest first. It holds nobody up: a segment that cannot be
/// moved here is deleted as if there were no archive. All members may be used from any thread.
/// </summary>
public sealed class SegmentArchive
{
    private readonly ArchiveOptions _options;
    private readonly IFileSystem _files;
    private readonly ILogger _log;
    private readonly SpareSegments _spares;
    private readonly SegmentPacker _packer;
    private readonly Lock _table = new();
    private readonly Lock _packing = new();
    private ArchivedSegment[] _segments = []; // oldest first; replaced and never changed
    private long _bytes;
    private long _deleted;
    private int _readers;

    private SegmentArchive(ArchiveOptions options, IFileSystem files, SpareSegments spares, ILogger log)
    {
        _spares = spares;
        _options = options;
        _files = files;
        _log = log;
        _packer = new SegmentPacker(files);
    }

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Ceiling of <see cref="Bytes"/>.</summary>
    public long BytesMax => _options.BytesMax;

    /// <summary>How many files there are.</summary>
    public int Count => Segments.Length;

    /// <summary>Files deleted since it was opened.</summary>
    public long DeletedCount => Interlocked.Read(ref _deleted);

    /// <summary>The first offset that can be read here; null while it is empty.</summary>
    public long? FirstOffset => Segments is [var oldest, ..] ? oldest.FirstOffset : null;

    /// <summary>Arrival time of the oldest record, nanoseconds since 1970; 0 while that is not known.</summary>
    public long FirstArrival => Segments is [var oldest, ..] ? oldest.FirstArrival : 0;

    internal ArchivedSegment[] Segments => Volatile.Read(ref _segments);

    /// <summary>
    /// Packs the oldest segment that is plain, on the caller's thread; false when there is none. What cannot be read
    /// whole stays as it is.
    /// </summary>
    /// <param name="onBlock">Called behind each block of a megabyte; what it throws ends the packing.</param>
    /// <exception cref="IOException">The disk refused; the segment is as it was.</exception>
    public bool PackNext(Action? onBlock = null)
    {
        lock (_packing)
        {
            ArchivedSegment? plain = Array.Find(
                Segments, segment => segment is { IsPacked: false, IsDamaged: false, IsMoving: false });
            if (plain is null)
            {
                return false;
            }

            string path = Path.ChangeExtension(plain.Path, PackedFormat.Suffix);
            string unfinished = path + SegmentName.UnfinishedSuffix;
            bool isNamed = false;
            OnReader();
            try
            {
                ArchivedSegment? packed = _packer.Pack(plain, unfinished, path, onBlock);
                isNamed = packed is not null && TryReplace(plain, packed, () => _files.Rename(unfinished, path));
                if (packed is null && TryReplace(plain, plain with { IsDamaged = true }, static () => { }))
                {
                    _log.ArchivedSegmentDamaged(Path.GetFileName(plain.Path));
                }
            }
            finally
            {
                OnReaderGone();
                if (!isNamed)
                {
                    DeleteQuietly(unfinished);
                }
            }

            if (isNamed)
            {
                _files.SyncDirectory(_options.Directory);
                Remove(plain, mayKeep: true); // a crash may bring it back, and opening deletes it
            }

            return true;
        }
    }

    /// <summary>Why the last segment could not be taken as it should; null when it was.</summary>
    public string? Fault { get; private set; }

    /// <summary>Deletes the oldest files until the budget is held and the disk has its reserve.</summary>
    public void HoldToBudget()
    {
        while (Bytes > _options.BytesMax && TryGiveWay(mayKeep: true))
        {
        }

        while (FreeBytesOrMax() < _options.FreeBytesMin && TryGiveWay(mayKeep: false))
        {
        }
    }

    /// <summary>Finds what is there, and finishes what a crash left half done.</summary>
    /// <param name="options">Where, and how much.</param>
    /// <param name="files">The disk.</param>
    /// <param name="spares">Takes plain files that are not wanted any more.</param>
    /// <param name="stop">The first offset of the spool: what is here ends before.</param>
    /// <param name="log">Told of files that are set aside.</param>
    internal static SegmentArchive Open(
        ArchiveOptions options, IFileSystem files, SpareSegments spares, long stop, ILogger log)
    {
        options.Require();
        var archive = new SegmentArchive(options, files, spares, log);
        files.CreateDirectory(options.Directory);
        archive.Load(stop);
        return archive;
    }

    /// <summary>A reader comes; before it looks for a file.</summary>
    internal void OnReader() => Interlocked.Increment(ref _readers);

    /// <summary>A reader has gone.</summary>
    internal void OnReaderGone() => Interlocked.Decrement(ref _readers);

    /// <summary>The segment that holds an offset, or the first one behind it; null when all end before.</summary>
    internal ArchivedSegment? Find(long offset) => Array.Find(Segments, segment => segment.EndOffset > offset);

    /// <summary>Whether a file is of the archive, also while it is on its way from one name to another.</summary>
    internal bool Lists(string path)
    {
        lock (_table)
        {
            return Array.Exists(_segments, segment => segment.Path == path);
        }
    }

    /// <summary>Lists a segment that will be taken, before the spool lists it no longer.</summary>
    internal ArchivedSegment Expect(Segment segment)
    {
        lock (_table)
        {
            if (Array.Find(_segments, other => other.FirstOffset == segment.FirstOffset) is { } known)
            {
                return known; // it was taken, and the spool's directory could not be synced
            }

            var expected = new ArchivedSegment(
                segment.Path, segment.FirstOffset, segment.EndOffset, FirstArrival: 0, FileBytes: 0, IsPacked: false)
            {
                IsMoving = true,
                IsAbandoned = segment.IsAbandoned,
            };
            SetLocked([.. _segments, expected]);
            return expected;
        }
    }

    /// <summary>
    /// Takes an expected segment over from the spool: one rename. False when it cannot be taken, and is to be deleted.
    /// </summary>
    internal bool TryTake(ArchivedSegment expected)
    {
        bool isTaken = !expected.IsMoving;
        string path = PathOf(SegmentName.Of(expected.FirstOffset));
        try
        {
            ArchivedSegment taken = isTaken ? expected : Measure(expected) with { Path = path, IsMoving = false };
            isTaken = isTaken || TryReplace(expected, taken, () => _files.Rename(expected.Path, path));
            _files.SyncDirectory(_options.Directory); // the spool's own follows: never is the name in neither
            Fault = null;
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            Fault = fault.Message;
            _log.ArchiveUnwell(fault, Path.GetFileName(path), fault.Message, isTaken ? "kept" : "deleted");
        }

        if (!isTaken)
        {
            Forget(expected);
        }

        HoldToBudget();
        return isTaken;
    }

    /// <summary>Lets go of the oldest file; false when there is none, or the disk refuses.</summary>
    /// <param name="mayKeep">It may become a segment again; else it is deleted.</param>
    internal bool TryGiveWay(bool mayKeep)
    {
        ArchivedSegment oldest;
        lock (_table)
        {
            if (_segments is not [{ IsMoving: false } first, ..])
            {
                return false;
            }

            oldest = first;
            SetLocked(_segments[1..]);
        }

        try
        {
            Remove(oldest, mayKeep);
            Interlocked.Increment(ref _deleted);
            return true;
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            _log.ArchiveTrimFailed(fault, Path.GetFileName(oldest.Path), fault.Message);
            return false;
        }
    }

    private void Remove(ArchivedSegment segment, bool mayKeep)
    {
        // A reader may have it open, and would read what is written over it.
        bool isUnread = Volatile.Read(ref _readers) == 0;
        if (mayKeep && isUnread && segment is { IsPacked: false, IsDamaged: false, IsAbandoned: false })
        {
            _spares.Take(segment);
            return;
        }

        _files.Delete(segment.Path);
        _files.SyncDirectory(_options.Directory);
    }

    private void Load(long stop)
    {
        string[] names = [.. _files.ListFiles(_options.Directory)];
        foreach (string name in names.Where(name => name.EndsWith(
            SegmentName.UnfinishedSuffix, StringComparison.Ordinal)))
        {
            _files.Delete(PathOf(name));
        }

        var found = new List<ArchivedSegment>();
        foreach (string name in names.OrderDescending(StringComparer.Ordinal)) // the newest first, for their ends
        {
            long end = found.Count > 0 ? found[^1].FirstOffset : stop;
            if (SegmentName.TryParse(name, PackedFormat.Suffix, out long first))
            {
                LoadPacked(name, first, found);
            }
            else if (SegmentName.TryParse(name, SegmentName.Suffix, out first))
            {
                LoadPlain(name, first, end, names, found);
            }
        }

        found.Reverse();
        SetLocked([.. found]);
    }

    private void LoadPacked(string name, long first, List<ArchivedSegment> found)
    {
        string path = PathOf(name);
        Span<byte> header = stackalloc byte[PackedFormat.HeaderBytes];
        using IFile file = _files.Open(path, FileIntent.Read);
        int count = file.Read(header, 0);
        if (PackedFormat.TryReadHeader(header[..count], first, out long end, out long arrival))
        {
            found.Add(new ArchivedSegment(path, first, end, arrival, file.Length, IsPacked: true));
            return;
        }

        _files.Rename(path, path + SegmentName.CorruptSuffix);
        _log.ArchiveFileSetAside(name, name + SegmentName.CorruptSuffix);
    }

    private void LoadPlain(string name, long first, long end, string[] names, List<ArchivedSegment> found)
    {
        string path = PathOf(name);
        if (names.Contains(SegmentName.Of(first, PackedFormat.Suffix)) || end <= first)
        {
            _files.Delete(path); // packed, or still with the spool: the crash came between two steps
            return;
        }

        found.Add(Measure(new ArchivedSegment(path, first, end, FirstArrival: 0, FileBytes: 0, IsPacked: false)));
    }

    private ArchivedSegment Measure(ArchivedSegment plain)
    {
        IFile file = _files.Open(plain.Path, FileIntent.Read);
        long bytes = file.Length;
        long arrival = SegmentScan.FirstArrival(file, plain.FirstOffset, plain.EndOffset);
        return plain with { FirstArrival = arrival, FileBytes = bytes };
    }

    private void Forget(ArchivedSegment segment)
    {
        lock (_table)
        {
            SetLocked([.. _segments.Where(other => other != segment)]);
        }
    }

    private bool TryReplace(ArchivedSegment before, ArchivedSegment after, Action rename)
    {
        lock (_table)
        {
            int index = Array.IndexOf(_segments, before);
            if (index < 0)
            {
                return false;
            }

            rename();
            ArchivedSegment[] segments = [.. _segments];
            segments[index] = after;
            SetLocked(segments);
            return true;
        }
    }

    private void SetLocked(ArchivedSegment[] segments)
    {
        Volatile.Write(ref _segments, segments);
        Volatile.Write(ref _bytes, segments.Sum(segment => segment.FileBytes));
    }

    // It holds nothing, and opening deletes what stays.
    private void DeleteQuietly(string unfinished)
    {
        try
        {
            _files.Delete(unfinished);
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
        }
    }

    private long FreeBytesOrMax()
    {
        try
        {
            return _files.FreeBytes(_options.Directory);
        }
        catch (Exception fault) when (SegmentLog.IsDiskFault(fault))
        {
            return long.MaxValue;
        }
    }

    private string PathOf(string name) => Path.Combine(_options.Directory, name);
}
