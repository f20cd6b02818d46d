using Telemetry.Model;
using Telemetry.Site;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>A log, its decoding, and a site of files on the disk that can be changed.</summary>
internal sealed class SiteRig : IDisposable
{
    public const string ArchiveDirectory = "/sites";
    private readonly string _directory = Directory.CreateTempSubdirectory("site-").FullName;
    private readonly RecordedLog _words = new();

    /// <summary>Starts with the own file's text; null for a site without a file.</summary>
    public SiteRig(string? own = "site: mine\n", TestLog? log = null)
    {
        Log = log ?? new TestLog();
        OwnPath = own is null ? "" : Path.Combine(_directory, "site.yaml");
        if (own is not null)
        {
            WriteOwn(own);
        }

        Files = new SiteFiles(new DiskFileSystem(), OwnPath, SiteSet.NoFile, Path.Combine(_directory, "site.d"));
        Start();
    }

    public TestLog Log { get; }

    public string OwnPath { get; }

    public SiteFiles Files { get; }

    public SeriesCatalogue Catalogue { get; private set; } = null!;

    public SiteArchive Archive { get; private set; } = null!;

    public DecodedLog Decoded { get; private set; } = null!;

    public SiteChanger Changer { get; private set; } = null!;

    public HttpIntake Http { get; private set; } = null!;

    public UnboundNames Unbound { get; } = new();

    public IReadOnlyList<string> Lines => _words.Lines;

    public string FragmentPath(string name) => Files.PathOf(name);

    public void WriteOwn(string yaml) => File.WriteAllText(OwnPath, yaml);

    public void WriteFragment(string name, string yaml)
    {
        Directory.CreateDirectory(Files.FragmentDirectory);
        File.WriteAllText(Files.PathOf(name), yaml);
    }

    /// <summary>The service as it is started anew, with the files that are there now; they have no fault.</summary>
    public void Restart()
    {
        Decoded.Complete();
        Crash();
    }

    /// <summary>As <see cref="Restart"/>, without the farewell.</summary>
    public void Crash()
    {
        Changer.Dispose();
        Log.Reopen();
        Start();
    }

    public Task<SiteReload> ReloadAsync() => Changer.ReloadAsync(CancellationToken.None);

    public Task<SiteChangeAnswer> AddRouteAsync(string name, string yaml) =>
        Changer.AddRouteAsync(name, yaml, CancellationToken.None);

    /// <summary>
    /// Decodes from an offset to the end, behind the tail or at it: the offset of each message and what it became.
    /// </summary>
    public List<(long Offset, string Measurement)> ReadFrom(long offset)
    {
        var read = new List<(long, string)>();
        LaggingDecoder lagging = Decoded.OpenLagging();
        while (Decoded.TryNext(offset, lagging) is { } lease)
        {
            using (lease)
            {
                foreach (PointEntry point in lease.Batch.Points)
                {
                    long at = lease.Batch.Records[point.Record].Offset;
                    read.Add((at, Catalogue.SeriesAt(point.SeriesId).Measurement));
                }

                offset = lease.Batch.EndOffset;
            }
        }

        return read;
    }

    public void Dispose()
    {
        Changer.Dispose();
        Log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Start()
    {
        SiteSet set = Files.Read(out _)!;
        SiteCatalogue site = SiteFile.Load(set).Catalogue!;
        var origin = new SiteOrigin(Files, set, ArchiveDirectory);
        Catalogue = new SeriesCatalogue();
        Archive = new SiteArchive(Log.Files, ArchiveDirectory, _words);
        string hash = SiteSetFormat.HashOf(SiteSetFormat.Write(set));
        var context = new DecodingContext(SiteVersion.Of(hash, site).Catalogue, Catalogue, Unbound, long.MaxValue)
        {
            SiteHash = hash,
            FindSite = Archive.Find,
        };
        Decoded = new DecodedLog(
            Log.Log, context, new IngestionMetrics(), new RefusedNames(), Log.OpenSnapshots(), TimeProvider.System);
        var clock = new ArrivalClock(new HurriedTime());
        Http = new HttpIntake(Log.Log, clock, context);
        var intake = new Ingestion.Intake(Log.Log, clock, site);
        Changer = new SiteChanger(origin, Archive, Log.Log, clock, intake, Http, Decoded.SiteAtEnd, _words);
        Changer.Start(context.StartSite);
    }
}
