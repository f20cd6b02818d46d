using System.Globalization;
using Microsoft.Extensions.Logging;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>
/// Decodes messages of the past anew by the site in force, for a mapping that was wrong and not failing: reads them
/// from archive and spool, compares what they give with what is stored, and puts what differs into the spool as records
/// of <see cref="RecordKind.Redecoded"/>, from where it goes the way of all points. One run at a time.
/// docs/decisions/0022.
/// </summary>
public sealed class Redecoder
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);
    private readonly Spool.Spool _spool;
    private readonly DecodedLog _log;
    private readonly DecodingContext _context;
    private readonly Func<SiteVersion> _site;
    private readonly ISampleSource _stored;
    private readonly ArrivalClock _clock;
    private readonly CursorPump _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private RedecodeProgress? _progress;
    private int _isRunning;

    internal Redecoder(
        Spool.Spool spool,
        DecodedLog log,
        DecodingContext context,
        Func<SiteVersion> site,
        ISampleSource stored,
        ArrivalClock clock,
        CursorPump store,
        TimeProvider time,
        ILogger logger)
    {
        _spool = spool;
        _log = log;
        _context = context;
        _site = site;
        _stored = stored;
        _clock = clock;
        _store = store;
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// Told of every run that is to write, in words, before the first message: a run that a crash cut off is known by
    /// it. Must not throw.
    /// </summary>
    public Action<RedecodeRequest, string>? AuditBegin { get; init; }

    /// <summary>Told of every run that was to write, when it ends; must not throw.</summary>
    public Action<RedecodeRequest, RedecodeReport>? Audit { get; init; }

    /// <summary>How far the run that is under way has come; null when there is none.</summary>
    public RedecodeProgress? Progress => Volatile.Read(ref _progress);

    /// <summary>Decodes the messages of a range anew.</summary>
    /// <param name="request">Which, and whether to write.</param>
    /// <param name="cancellationToken">The asker went away: it ends, and what is on its way is stored.</param>
    public async Task<RedecodeReport> RunAsync(RedecodeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return Refusal("cannot redecode: another run is under way; nothing was done, ask again when it has ended");
        }

        try
        {
            return await RunAloneAsync(request, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _progress, null);
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task<RedecodeReport> RunAloneAsync(RedecodeRequest request, CancellationToken cancellationToken)
    {
        long oldest = _spool.HistoryArrival;
        if (oldest == 0 || request.To <= oldest)
        {
            string since = oldest == 0 ? "no message is kept" : $"messages are kept since {TextOf(oldest)}";
            return Refusal($"cannot redecode what came before {TextOf(request.To)}: {since}, {Budget()}; nothing was "
                + "done") with
            { Oldest = oldest };
        }

        try
        {
            await _store.WaitForAsync(_spool.DurableOffset, cancellationToken)
                .WaitAsync(StorePatience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return Refusal("cannot redecode: the store has not taken yet what has come, "
                + $"{_spool.DurableOffset - _store.Position} bytes; nothing was done, ask again soon");
        }

        if (!request.IsDryRun)
        {
            string whose = request.Gateway.Length > 0 ? request.Gateway : "all gateways";
            AuditBegin?.Invoke(
                request, $"messages of {whose} that arrived from {TextOf(request.From)} to {TextOf(request.To)}");
        }

        SiteVersion site = _site();
        bool isCut = _spool.HistoryOffset > 0; // before the first record of all nothing came
        var findings = new RedecodeFindings(_context.Catalogue);
        (string error, long skipped) = await RunAsync(request, site, findings, cancellationToken);
        RedecodeReport report = findings.Report() with
        {
            SiteNow = site.Hash,
            Oldest = oldest,
            SkippedBytes = skipped,
            Warning = isCut && request.From < oldest ? Warning(request, oldest) : "",
            Error = error,
        };
        if (!request.IsDryRun)
        {
            IngestionLog.Redecoded(
                _logger, report.Messages, TextOf(request.From), TextOf(request.To), request.Gateway, request.Who,
                report.Changed, report.Added, report.Failed);
            Audit?.Invoke(request, report);
        }

        return report;
    }

    private async Task<(string Error, long SkippedBytes)> RunAsync(
        RedecodeRequest request, SiteVersion site, RedecodeFindings findings, CancellationToken cancellationToken)
    {
        long skipped = 0;
        try
        {
            using var pass = new RedecodePass(_spool, _log, _context, site, request, findings);
            var comparison = new RedecodeComparison(_stored, site.Catalogue, request.Overwrites, findings);
            var records = new RedecodedRecords(_context.Catalogue, _context.Gateways);
            bool goesOn = true;
            while (goesOn)
            {
                goesOn = await Task.Run(() => pass.TryStep(cancellationToken), cancellationToken);
                bool[] isWritten = comparison.Compare(pass.Then, pass.Now);
                Volatile.Write(ref _progress, findings.Progress(request, pass.ReachedArrival));
                skipped = pass.SkippedBytes;
                if (!request.IsDryRun && !await TrySendAsync(records.Of(pass.Now, isWritten, _clock.Now())))
                {
                    return ($"cannot go on redecoding: the spool takes nothing, {_spool.State.Cause}; what was written "
                        + "before is stored, ask again when there is room", skipped);
                }
            }

            return ("", skipped);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ("the asker went away; what was written until then is stored", skipped);
        }
        catch (Exception cause) when (cause is IOException or StoreException)
        {
            return ($"cannot go on redecoding: {cause.Message}; what was written before is stored", skipped);
        }
    }

    /// <summary>Puts records into the spool and waits until the store has them; false when it takes them not.</summary>
    private async Task<bool> TrySendAsync(List<byte[]> records)
    {
        long last = 0;
        bool isTaken = true;
        foreach (byte[] record in records)
        {
            long? end = await PatientAppend.TryAsync(_spool, record, _time);
            isTaken = end is not null;
            if (!isTaken)
            {
                break;
            }

            last = end!.Value;
        }

        if (last > 0)
        {
            await _store.WaitForAsync(last, CancellationToken.None); // they are on their way, whoever waits
        }

        return isTaken;
    }

    private string Warning(RedecodeRequest request, long oldest) =>
        $"messages are kept since {TextOf(oldest)} only, {Budget()}: what came between {TextOf(request.From)} and then "
        + "stays as it is stored";

    private string Budget() => _spool.Archive is { } archive
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"the archive has {archive.Bytes / 1e6:F1} of at most {archive.BytesMax / 1e6:F1} MB "
            + $"(Spool:ArchiveBytesMax)")
        : "there is no archive (Spool:ArchiveBytesMax is 0)";

    private static RedecodeReport Refusal(string error) => new() { Error = error, IsRefused = true };

    private static string TextOf(long nanoseconds) => DateTimeOffset.UnixEpoch
        .AddTicks(Math.Clamp(nanoseconds / 100, 0, DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks))
        .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
