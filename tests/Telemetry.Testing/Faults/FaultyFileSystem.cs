using Telemetry.Spool;

namespace Telemetry.Testing;

/// <summary>
/// A disk in memory that fails as told and forgets what was not synced: contents without a sync of their file, names
/// without a sync of their directory. The same seed and the same calls give the same disk. Every call that changes
/// something is one operation; operations are counted from 1.
/// </summary>
public sealed class FaultyFileSystem(int seed) : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<int, FaultKind> _faults = [];
    private readonly HashSet<string> _locks = [];
    private readonly List<(string Directory, Action<Dictionary<string, FaultyFile>> Change)> _pendingNames = [];
    private Dictionary<string, FaultyFile> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FaultyFile> _durableNames = new(StringComparer.Ordinal);
    private int _generation;
    private bool _hasCrashed;

    /// <summary>Operations so far.</summary>
    public int OperationCount { get; private set; }

    /// <summary>Room on the disk in bytes.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Whether every sync of a file fails from now on.</summary>
    public bool SyncsFail { get; set; }

    /// <summary>Told of each name that is gone, before whoever deleted or renamed the file.</summary>
    public Action<string>? Gone { get; set; }

    /// <summary>The machine has stopped; only <see cref="Restart"/> helps.</summary>
    public bool HasCrashed
    {
        get
        {
            lock (_gate)
            {
                return _hasCrashed;
            }
        }
    }

    /// <summary>Bytes that the cache was told to drop.</summary>
    public long DroppedCacheBytes { get; private set; }

    /// <summary>Full paths of all files, in order.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Makes an operation fail.</summary>
    public void FailAt(int operation, FaultKind kind) => _faults[operation] = kind;

    /// <summary>Starts the machine or the process again: open files are gone, and what the mode says.</summary>
    public void Restart(StopMode mode)
    {
        lock (_gate)
        {
            _generation++;
            _hasCrashed = false;
            _faults.Clear();
            _locks.Clear();
            if (mode == StopMode.Kill)
            {
                return;
            }

            // Names go to the disk in the order of their changes, as a journal writes them.
            int kept = mode == StopMode.PowerCut ? 0 : _random.Next(_pendingNames.Count + 1);
            foreach ((_, Action<Dictionary<string, FaultyFile>> change) in _pendingNames.Take(kept))
            {
                change(_durableNames);
            }

            _pendingNames.Clear();
            _names = new Dictionary<string, FaultyFile>(_durableNames, StringComparer.Ordinal);
            foreach (FaultyFile file in _names.Values)
            {
                file.Restart(mode == StopMode.PowerCut ? null : _random);
            }
        }
    }

    /// <summary>Turns one bit of a file over, on the disk and in memory.</summary>
    public void FlipBit(string path, long bit)
    {
        lock (_gate)
        {
            _names[path].FlipBit(bit);
        }
    }

    /// <summary>Length of a file in bytes.</summary>
    public long LengthOf(string path)
    {
        lock (_gate)
        {
            return _names[path].Length;
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (_gate)
        {
            RequireRunning();
            return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(Path.GetFileName)!];
        }
    }

    /// <inheritdoc/>
    public IFile Open(string path, FileIntent intent)
    {
        lock (_gate)
        {
            RequireRunning();
            if (intent == FileIntent.Create)
            {
                Operate(isWrite: false);
                var created = new FaultyFile();
                ChangeNames(path, names => names[path] = created);
            }

            return _names.TryGetValue(path, out FaultyFile? file)
                ? new Handle(this, file, _generation)
                : throw new FileNotFoundException($"cannot find '{path}'", path);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Operate(isWrite: false);
            FaultyFile file = _names[from];
            ChangeNames(to, names =>
            {
                names.Remove(from);
                names[to] = file;
            });
        }

        Gone?.Invoke(from);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (_gate)
        {
            Operate(isWrite: false);
            ChangeNames(path, names => names.Remove(path));
        }

        Gone?.Invoke(path);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        lock (_gate)
        {
            Operate(isWrite: false);
            foreach ((_, Action<Dictionary<string, FaultyFile>> change) in
                _pendingNames.Where(pending => pending.Directory == directory))
            {
                change(_durableNames);
            }

            _pendingNames.RemoveAll(pending => pending.Directory == directory);
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        lock (_gate)
        {
            RequireRunning();
            return _locks.Add(path)
                ? new LockHandle(this, path, _generation)
                : throw new IOException($"cannot lock '{path}': another process has it");
        }
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory)
    {
        lock (_gate)
        {
            RequireRunning();
            return FreeBytesLocked();
        }
    }

    private long FreeBytesLocked() =>
        CapacityBytes == long.MaxValue ? long.MaxValue : Math.Max(0, CapacityBytes - _names.Values.Sum(f => f.Length));

    private void ChangeNames(string path, Action<Dictionary<string, FaultyFile>> change)
    {
        change(_names);
        _pendingNames.Add((Path.GetDirectoryName(path)!, change));
    }

    // Counts the operation and lets it fail; true asks a write to do its first part and then throw.
    private FaultKind? Operate(bool isWrite)
    {
        RequireRunning();
        OperationCount++;
        if (!_faults.TryGetValue(OperationCount, out FaultKind fault))
        {
            return null;
        }

        _hasCrashed = fault == FaultKind.Crash;
        return isWrite ? fault : throw Broken();
    }

    private void RequireRunning()
    {
        if (_hasCrashed)
        {
            throw Broken();
        }
    }

    private static IOException Broken() => new("the disk does not answer");

    private void Write(FaultyFile file, ReadOnlySpan<byte> bytes, long position)
    {
        lock (_gate)
        {
            FaultKind? fault = Operate(isWrite: true);
            long growth = Math.Max(0, position + bytes.Length - file.Length);
            long lacking = growth - Math.Min(growth, FreeBytesLocked());
            int written = bytes.Length - (int)lacking;
            written = fault is null ? written : fault == FaultKind.Error ? 0 : _random.Next(written + 1);
            file.Write(bytes[..written], position);
            if (fault is not null)
            {
                throw Broken();
            }

            if (lacking > 0)
            {
                throw new DiskFullException("no space left on device");
            }
        }
    }

    private void Sync(FaultyFile file)
    {
        lock (_gate)
        {
            FaultKind? fault = Operate(isWrite: true);
            if (fault is not null || SyncsFail)
            {
                // After a crash the restart decides what had got through; after an error the bytes are forgotten.
                if (fault != FaultKind.Crash)
                {
                    file.ForgetDirty();
                }

                throw Broken();
            }

            file.Sync();
        }
    }

    private sealed class Handle(FaultyFileSystem owner, FaultyFile file, int generation) : IFile
    {
        public long Length
        {
            get
            {
                lock (owner._gate)
                {
                    RequireOpen();
                    return file.Length;
                }
            }
        }

        public int Read(Span<byte> buffer, long position)
        {
            lock (owner._gate)
            {
                RequireOpen();
                return file.Read(buffer, position);
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            RequireOpen();
            owner.Write(file, bytes, position);
        }

        public void SetLength(long bytes)
        {
            lock (owner._gate)
            {
                RequireOpen();
                owner.Operate(isWrite: false);
                file.SetLength(bytes);
            }
        }

        public void Sync()
        {
            RequireOpen();
            owner.Sync(file);
        }

        public void DropCache(long position, long bytes)
        {
            lock (owner._gate)
            {
                RequireOpen();
                owner.DroppedCacheBytes += bytes;
            }
        }

        public void Dispose()
        {
        }

        private void RequireOpen()
        {
            owner.RequireRunning();
            if (generation != owner._generation)
            {
                throw new IOException("the file was opened before the machine stopped");
            }
        }
    }

    private sealed class LockHandle(FaultyFileSystem owner, string path, int generation) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                if (generation == owner._generation)
                {
                    owner._locks.Remove(path);
                }
            }
        }
    }
}
