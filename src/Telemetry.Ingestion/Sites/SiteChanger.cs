using Microsoft.Extensions.Logging;
using Telemetry.Model;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Puts another site in force: the files are read and validated whole, archived, and named by a record of the log, from
/// whose end on everyone decodes by them. One change at a time. docs/decisions/0015.
/// </summary>
public sealed class SiteChanger : ISiteChanger, IDisposable
{
    private readonly SiteOrigin? _origin;
    private readonly SiteArchive? _archive;
    private readonly Spool.Spool _spool;
    private readonly ArrivalClock _clock;
    private readonly Intake _intake;
    private readonly HttpIntake _http;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SiteStatus _status;
    private long _changed;
    private long _unchanged;
    private long _refused;

    /// <param name="origin">The site's files; null for a site that stays what it is.</param>
    /// <param name="archive">Where sites are kept; null with no origin.</param>
    /// <param name="spool">The log.</param>
    /// <param name="clock">Dates the records.</param>
    /// <param name="intake">Gives lanes by the routes in force.</param>
    /// <param name="http">Checks lines by the site in force.</param>
    /// <param name="inForce">The site at the end of the log.</param>
    /// <param name="logger">For changes and refusals.</param>
    internal SiteChanger(
        SiteOrigin? origin,
        SiteArchive? archive,
        Spool.Spool spool,
        ArrivalClock clock,
        Intake intake,
        HttpIntake http,
        SiteInForce inForce,
        ILogger logger)
    {
        _origin = origin;
        _archive = archive;
        _spool = spool;
        _clock = clock;
        _intake = intake;
        _http = http;
        _logger = logger;
        _status = new SiteStatus(inForce.Version, inForce.Offset, inForce.ArrivalTime, Refused: null);
        intake.Follow(inForce.Version.Catalogue);
        http.TryFollow(inForce.Version.Catalogue, () => true);
    }

    /// <summary>The site in force at the end of the log, and what was last refused.</summary>
    public SiteStatus Status => Volatile.Read(ref _status);

    /// <summary>Times another site was put in force.</summary>
    public long Changed => Volatile.Read(ref _changed);

    /// <summary>Times the files were those in force.</summary>
    public long Unchanged => Volatile.Read(ref _unchanged);

    /// <summary>Times the files had faults.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The files' stamp when they were last read; what has another one is not known yet.</summary>
    internal string StampRead { get; private set; } = "";

    /// <summary>
    /// Before anything is taken in: when the files are others than those of the site at the end of the log, they are in
    /// force from there on. A log or a disk that takes nothing now is tried again by the watch.
    /// </summary>
    /// <param name="site">The site of the files as they were read for this start.</param>
    internal void Start(SiteVersion site)
    {
        if (_origin is { } origin)
        {
            StampRead = origin.Files.Stamp();
            Put(origin.Set, site, fragment: null);
        }
    }

    /// <summary>Reads the files again, and puts them in force when they are others and without a fault.</summary>
    /// <param name="cancellationToken">The caller went away; a change that has begun is finished.</param>
    public async Task<SiteReload> ReloadAsync(CancellationToken cancellationToken)
    {
        if (_origin is not { } origin)
        {
            return Answer(SiteReloadOutcome.Unchanged);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            StampRead = origin.Files.Stamp(); // before the files: what is written meanwhile is seen by the next look
            SiteSet? set = origin.Files.Read(out IReadOnlyList<SiteFault> faults);
            return set is null ? Refuse(faults) : await CommittedAsync(Take(set, fragment: null));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<SiteChangeAnswer> AddRouteAsync(string name, string yaml, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(yaml);
        if (_origin is not { Files: var files })
        {
            return new SiteChangeAnswer(false, $"cannot add route \"{name}\": this site has no files");
        }

        if (FaultOfName(name) is { } fault)
        {
            return new SiteChangeAnswer(false, $"cannot add route \"{name}\": {fault}");
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            SiteReload reload = await CommittedAsync(Add(files, name, yaml));
            return reload.Outcome == SiteReloadOutcome.Refused
                ? new SiteChangeAnswer(false, string.Join('\n', reload.FaultLines))
                : new SiteChangeAnswer(
                    true, $"wrote {files.PathOf(name)}; it is in force from offset {reload.Offset} on");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private SiteReload Add(SiteFiles files, string name, string yaml)
    {
        var fragment = new SiteSource(files.PathOf(name), yaml) { IsFragment = true };
        if (files.Read(out IReadOnlyList<SiteFault> faults) is not { } set)
        {
            return Answer(SiteReloadOutcome.Refused, [.. faults]);
        }

        return set.Fragments.Any(other => other.Name == fragment.Name)
            ? Answer(SiteReloadOutcome.Refused, new SiteFault(
                fragment.Name, 1, 1, "", "cannot add the file: it is there already; give another name"))
            : Take(set.With(fragment), name);
    }

    /// <param name="set">The files.</param>
    /// <param name="fragment">Name of the one among them that is to be written; null when all are there.</param>
    private SiteReload Take(SiteSet set, string? fragment)
    {
        SiteLoad load = SiteFile.Load(set);
        if (load.Catalogue is not { } site)
        {
            return Refuse(load.Faults, fragment);
        }

        string inForce = Status.Version.Catalogue.Site;
        if (site.Site != inForce) // only a start may change it
        {
            string cause = "alarm topics and tags carry the name; restart the service";
            return Refuse(FaultOf(set, $"cannot rename site \"{inForce}\" to \"{site.Site}\" now: {cause}"), fragment);
        }

        string hash = SiteSetFormat.HashOf(SiteSetFormat.Write(set));
        return Put(set, SiteVersion.Of(hash, site), fragment);
    }

    private SiteReload Put(SiteSet set, SiteVersion version, string? fragment)
    {
        try
        {
            version = _archive!.Keep(set, version);
            if (version.Hash == Status.Version.Hash)
            {
                Interlocked.Increment(ref _unchanged);
                Volatile.Write(ref _status, Status with { Refused = null });
                return Answer(SiteReloadOutcome.Unchanged);
            }

            if (fragment is not null)
            {
                _origin!.Files.Add(fragment, set.Fragments.Single(IsFragmentOf(fragment)).Text);
            }

            return Append(version) ?? RefuseForNow(set, $"the log takes nothing: {_spool.State.Cause}", fragment);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return RefuseForNow(set, cause.Message, fragment);
        }
    }

    /// <summary>Puts the version in force; null when the log takes no record.</summary>
    private SiteReload? Append(SiteVersion version)
    {
        long arrivalTime = _clock.Now();
        byte[] record = SiteChangeRecord.Write(version.Hash, arrivalTime);
        long end = 0;
        if (!_http.TryFollow(version.Catalogue, () =>
            _spool.TryAppend(record, listener: null, out end) == AppendOutcome.Appended))
        {
            return null;
        }

        long offset = end - record.Length;
        _intake.Follow(version.Catalogue);
        Volatile.Write(ref _status, new SiteStatus(version, offset, arrivalTime, Refused: null));
        Interlocked.Increment(ref _changed);
        IngestionLog.SiteChanged(_logger, version.Hash, offset, version.Catalogue.Routes.Count);
        return Answer(SiteReloadOutcome.Changed);
    }

    /// <summary>The answer, once the change is durable.</summary>
    private async Task<SiteReload> CommittedAsync(SiteReload answer)
    {
        if (answer.Outcome == SiteReloadOutcome.Changed)
        {
            await _spool.WaitForCommitAsync(answer.Offset, CancellationToken.None);
        }

        return answer;
    }

    /// <summary>No fault of the files: the watch tries again.</summary>
    private SiteReload RefuseForNow(SiteSet set, string cause, string? fragment)
    {
        StampRead = "";
        if (fragment is not null)
        {
            _origin!.Files.Remove(fragment);
        }

        return Refuse(FaultOf(set, $"cannot put the site in force: {cause}"), fragment);
    }

    private SiteReload Refuse(IReadOnlyList<SiteFault> faults, string? fragment = null)
    {
        Interlocked.Increment(ref _refused);
        long now = _clock.Now() / Timestamp.NanosecondsPerMillisecond;
        var refused = new RefusedSite(now, faults);
        if (refused.Words != Status.Refused?.Words)
        {
            IngestionLog.SiteRefused(_logger, refused.Words, Status.Version.Hash);
        }

        if (fragment is null)
        {
            Volatile.Write(ref _status, Status with { Refused = refused }); // of a fragment that is not kept none stays
        }

        return Answer(SiteReloadOutcome.Refused, [.. faults]);
    }

    private SiteReload Answer(SiteReloadOutcome outcome, params SiteFault[] faults) =>
        new(outcome, Status.Version.Hash, Status.Offset, faults);

    private static SiteFault[] FaultOf(SiteSet set, string message) => [new(set.Own.Name, 1, 1, "", message)];

    private Func<SiteSource, bool> IsFragmentOf(string name)
    {
        string path = _origin!.Files.PathOf(name);
        return source => source.Name == path;
    }

    private static string? FaultOfName(string name)
    {
        bool isGood = name.Length is > 0 and <= SiteLimits.IdentifierCharactersMax
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
        return isGood
            ? null
            : $"that is no file name; write up to {SiteLimits.IdentifierCharactersMax} letters, digits, \"-\", \"_\"";
    }
}
