using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;

namespace Telemetry.Service;

/// <summary>
/// Everything the service keeps on disk, below one directory: <c>spool/</c>, <c>archive/</c>, <c>store/</c>,
/// <c>alarms/</c>, <c>quarantine/</c>, <c>findings/</c>, <c>detection/</c>. Opened in the order in which one needs the
/// other, closed in reverse.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const long JournalBytesMax = 1L * 1024 * 1024 * 1024; // some two million transitions
    private const long QuarantineBytesMax = IngestionLimits.QuarantineBytesMax + (128L * 1024 * 1024); // never reached
    private const long VerdictBytesMax = 64L * 1024 * 1024; // a hundred thousand, with their revocations
    private const long FindingsBytesMax = IngestionLimits.FindingsBytesMax + VerdictBytesMax;
    private const int SmallSegmentBytes = 16 * 1024 * 1024;
    private const int SmallBufferBytes = 16 * 1024 * 1024; // one refused message of the largest size must fit twice

    private readonly IDisposable _lock;

    private DataDirectory(
        IDisposable directoryLock,
        EmbeddedStore store,
        Spool.Spool spool,
        Spool.Spool alarms,
        Spool.Spool quarantine,
        Spool.Spool findings)
    {
        _lock = directoryLock;
        Store = store;
        Spool = spool;
        AlarmJournal = alarms;
        QuarantineLog = quarantine;
        FindingsLog = findings;
    }

    public EmbeddedStore Store { get; }

    public Spool.Spool Spool { get; }

    public Spool.Spool AlarmJournal { get; }

    public Spool.Spool QuarantineLog { get; }

    public Spool.Spool FindingsLog { get; }

    /// <summary>The store's file in a data directory.</summary>
    public static string StoreFileOf(string root) => Path.Combine(root, "store", "telemetry.db");

    /// <exception cref="IOException">A file cannot be opened, or another process has the directory.</exception>
    public static DataDirectory Open(
        ServiceOptions options, SeriesCatalogue catalogue, IFileSystem files, TimeProvider time, ILoggerFactory loggers)
    {
        string root = Path.GetFullPath(options.DataDirectory);
        var opened = new Stack<IDisposable>();
        try
        {
            files.CreateDirectory(root);
            IDisposable directoryLock = Keep(LockOf(files, root));
            files.CreateDirectory(Path.Combine(root, "store"));
            StoreOptions storeOptions = options.Store.ForStore(StoreFileOf(root));
            var store = Keep(EmbeddedStore.Open(storeOptions, catalogue, time, loggers.CreateLogger<EmbeddedStore>()));
            var spoolOptions = new SpoolOptions
            {
                Directory = Path.Combine(root, "spool"),
                BytesMax = options.Spool.BytesMax,
                SegmentBytesMax = options.Spool.SegmentBytes,
                OffsetMin = store.ReadLaneOffsets().Max(),
                Archive = options.Spool.ArchiveBytesMax == 0 ? null : new ArchiveOptions
                {
                    Directory = Path.Combine(root, "archive"),
                    BytesMax = options.Spool.ArchiveBytesMax,
                },
            };
            ILogger<Spool.Spool> log = loggers.CreateLogger<Spool.Spool>();
            var spool = Keep(Telemetry.Spool.Spool.Open(spoolOptions, files, time, log));
            var alarms = Keep(OpenArchive(root, "alarms", JournalBytesMax, files, time, log));
            var quarantine = Keep(OpenArchive(root, "quarantine", QuarantineBytesMax, files, time, log));
            var findings = Keep(OpenArchive(root, "findings", FindingsBytesMax, files, time, log));
            return new DataDirectory(directoryLock, store, spool, alarms, quarantine, findings);
        }
        catch
        {
            foreach (IDisposable resource in opened)
            {
                resource.Dispose();
            }

            throw;
        }

        T Keep<T>(T resource)
            where T : IDisposable
        {
            opened.Push(resource);
            return resource;
        }
    }

    public void Dispose()
    {
        FindingsLog.Dispose();
        QuarantineLog.Dispose();
        AlarmJournal.Dispose();
        Spool.Dispose();
        Store.Dispose();
        _lock.Dispose();
    }

    /// <summary>Two processes in one directory would each believe it to be theirs.</summary>
    private static IDisposable LockOf(IFileSystem files, string root)
    {
        string path = Path.Combine(root, "telemetry.lock");
        try
        {
            return files.Lock(path);
        }
        catch (IOException cause) when (File.Exists(path))
        {
            throw new IOException(
                $"cannot open data directory '{root}': another telemetry process has it ({cause.Message}); nothing was "
                + "opened, stop the other or give another --data-dir",
                cause);
        }
    }

    /// <summary>A log that nothing is ever let go of.</summary>
    private static Spool.Spool OpenArchive(
        string root, string name, long bytesMax, IFileSystem files, TimeProvider time, ILogger<Spool.Spool> log)
    {
        var options = new SpoolOptions
        {
            Directory = Path.Combine(root, name),
            BytesMax = bytesMax,
            SegmentBytesMax = SmallSegmentBytes,
            BufferBytesMax = SmallBufferBytes,
            CommitIntervalMinMilliseconds = 0,
            WakeIntervalMinMilliseconds = 0,
        };
        var archive = Telemetry.Spool.Spool.Open(options, files, time, log);
        archive.OpenHold("archive", required: true, initialOffset: 0);
        return archive;
    }
}
