using System.Globalization;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>How well something does its duty.</summary>
public enum HealthStatus
{
    /// <summary>All is well.</summary>
    Pass,

    /// <summary>Degraded: someone should look, nothing is lost.</summary>
    Warn,

    /// <summary>A duty is not done: messages are not taken in, or not kept.</summary>
    Fail,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Status">How it does.</param>
/// <param name="Message">In words; empty when all is well.</param>
public sealed record HealthCheck(string Name, HealthStatus Status, string Message);

/// <summary>The service's health as its worst check.</summary>
/// <param name="Status">The worst of the checks.</param>
/// <param name="Message">Words of the worst check.</param>
/// <param name="Checks">All of them.</param>
public sealed record HealthReport(HealthStatus Status, string Message, IReadOnlyList<HealthCheck> Checks)
{
    /// <summary>
    /// Looks at intake, the spool's survival, store, quarantine, alarms, findings, clock, site, lanes, names, archive,
    /// external brokers and InfluxDB.
    /// </summary>
    public static HealthReport Of(IngestPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var checks = new List<HealthCheck>
        {
            Spool(pipeline.Spool.State),
            Survival(pipeline.Forecast.Now(), pipeline.Forecast.WarningHours),
            Store(pipeline.StoreConsumer),
            Journal("quarantine", "messages for the quarantine wait in the spool", pipeline.Quarantine.State),
            Alarms(pipeline.Desk),
            Journal("findings", "anomalies and verdicts are not kept and wait", pipeline.Findings.JournalState),
            Clock(pipeline.Clock),
            Site(pipeline.Sites.Status),
            Ledger(pipeline.LedgerAudit),
            Lanes(pipeline.Lanes),
            Names(pipeline.CatalogueGuard),
        };
        if (pipeline.Spool.Archive is { } archive)
        {
            checks.Add(Archive(archive.Fault));
        }

        if (pipeline.InfluxMetrics.Fault is { } away)
        {
            string held = pipeline.InfluxMetrics.IsHeld ? "; someone must look, nothing is dropped until then" : "";
            checks.Add(new HealthCheck("influx", HealthStatus.Warn, $"InfluxDB takes no points: {away}{held}"));
        }

        if (pipeline.Influx is { Counts.Off: not 0 and long off })
        {
            checks.Add(new HealthCheck(
                "influx_ledger", HealthStatus.Warn, $"{off} points for InfluxDB are not accounted for; this is a bug"));
        }

        checks.AddRange(pipeline.BrokerClients.Select(client => Broker(client.Snapshot())));
        if (pipeline.Quarantine.Refused > 0)
        {
            checks.Add(new HealthCheck(
                "quarantine", HealthStatus.Warn, $"{pipeline.Quarantine.Refused} messages did not fit in quarantine"));
        }

        HealthCheck worst = checks.MaxBy(check => check.Status)!;
        string message = worst.Status == HealthStatus.Pass ? "ready for queries and writes" : worst.Message;
        return new HealthReport(worst.Status, message, checks);
    }

    private static HealthCheck Spool(SpoolState state) => state.Status switch
    {
        SpoolStatus.Running => new HealthCheck("spool", HealthStatus.Pass, ""),
        SpoolStatus.Full => new HealthCheck(
            "spool",
            HealthStatus.Fail,
            $"intake is stopped, nothing is acknowledged: {state.Cause}; it resumes by itself when there is room"),
        _ => new HealthCheck(
            "spool", HealthStatus.Fail, $"intake is over until the service is restarted: {state.Cause}"),
    };

    internal static HealthCheck Survival(SpoolOutlook outlook, double warningHours) =>
        outlook.Shortest is { } holder && holder.HoursLeft < warningHours
            ? new HealthCheck("survival", HealthStatus.Warn, WordsOf(holder))
            : new HealthCheck("survival", HealthStatus.Pass, "");

    private static string WordsOf(HolderForecast holder)
    {
        string end = holder.IsRequired
            ? "then intake stops and nothing is acknowledged"
            : "then the oldest of it goes and is refilled from the embedded store later";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the spool lasts for {holder.HoursLeft:F1} h: consumer {holder.Name} is {holder.BehindBytes} bytes "
            + $"behind, and {holder.RoomBytes} bytes more fit in; {end}");
    }

    /// <summary>What a broker does not give now it keeps, or its publishers do: nothing of ours is lost.</summary>
    private static HealthCheck Broker(BrokerClientSnapshot broker)
    {
        string name = $"broker {broker.Name}";
        return broker switch
        {
            { State: BrokerClientState.Connected, LastError: "" } => new HealthCheck(name, HealthStatus.Pass, ""),
            { State: BrokerClientState.Connected } => new HealthCheck(
                name, HealthStatus.Warn, $"broker {broker.Name} at {broker.Url}: {broker.LastError}"),
            _ => new HealthCheck(
                name,
                HealthStatus.Warn,
                $"broker {broker.Name} at {broker.Url} is not connected: {broker.LastError}; it is tried again"),
        };
    }

    internal static HealthCheck Site(SiteStatus site) => site.Refused is { } refused
        ? new HealthCheck(
            "site", HealthStatus.Warn, $"the site's files are not in force, what was before them is: {refused.Words}")
        : new HealthCheck("site", HealthStatus.Pass, "");

    internal static HealthCheck Alarms(AlarmDesk desk) => desk.Fault is { } fault
        ? new HealthCheck("alarms", HealthStatus.Fail, $"alarms are not decided until the next start: {fault.Message}")
        : Journal("alarm journal", "alarms are not journalled and wait", desk.JournalState);

    internal static HealthCheck Clock(ArrivalClock clock) => clock.Ahead is var ahead && ahead > ClockWatch.Tolerance
        ? new HealthCheck(
            "clock",
            HealthStatus.Warn,
            $"arrival times are {ahead.TotalSeconds:F0} s ahead of the machine's clock, which was set back or is not "
            + "set yet; points with a right time of their own may count as late and sound no alarm")
        : new HealthCheck("clock", HealthStatus.Pass, "");

    internal static HealthCheck Ledger(LedgerAudit audit) => audit.Off == 0
        ? new HealthCheck("ledger", HealthStatus.Pass, "")
        : new HealthCheck(
            "ledger",
            HealthStatus.Warn,
            $"{audit.Off} messages are not accounted for: a bug; the log says between which offsets");

    internal static HealthCheck Lanes(IEnumerable<LaneView> lanes)
    {
        string[] dropping =
        [
            .. lanes.Where(lane => lane.IsDropping)
                .Select(lane => $"{lane.DroppedMessages} messages of lane {lane.Name}"),
        ];
        return dropping.Length == 0
            ? new HealthCheck("lanes", HealthStatus.Pass, "")
            : new HealthCheck(
                "lanes",
                HealthStatus.Warn,
                $"the spool has or had little room and let go of {string.Join(", ", dropping)}, as the site says");
    }

    internal static HealthCheck Names(CatalogueGuard guard) => guard.Report is { } report
        ? new HealthCheck("names", HealthStatus.Warn, report.Words)
        : new HealthCheck("names", HealthStatus.Pass, "");

    internal static HealthCheck Archive(string? fault) => fault is null
        ? new HealthCheck("archive", HealthStatus.Pass, "")
        : new HealthCheck(
            "archive",
            HealthStatus.Warn,
            $"messages leave the spool and are not archived, to be decoded anew: {fault}");

    private static HealthCheck Journal(string name, string effect, SpoolState state) => state.Status switch
    {
        SpoolStatus.Running => new HealthCheck(name, HealthStatus.Pass, ""),
        SpoolStatus.Full => new HealthCheck(
            name, HealthStatus.Fail, $"{effect}: {state.Cause}; it resumes by itself when there is room"),
        _ => new HealthCheck(name, HealthStatus.Fail, $"{effect} until the service is restarted: {state.Cause}"),
    };

    internal static HealthCheck Store(StoreConsumer store) => store switch
    {
        { IsPaused: true } => new HealthCheck(
            "store",
            HealthStatus.Fail,
            $"nothing more is stored, the spool keeps it: {store.Fault ?? "the quarantine takes nothing"}"),
        { Fault: { } fault } => new HealthCheck("store", HealthStatus.Fail, fault),
        _ => new HealthCheck("store", HealthStatus.Pass, ""),
    };
}
