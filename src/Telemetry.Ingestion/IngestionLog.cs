using Microsoft.Extensions.Logging;

namespace Telemetry.Ingestion;

/// <summary>What this room says. Event ids 1400–1499.</summary>
internal static partial class IngestionLog
{
    [LoggerMessage(1400, LogLevel.Information,
        "consumer {Consumer} starts at offset {Offset}, {PendingBytes} bytes behind")]
    public static partial void ConsumerStarted(ILogger logger, string consumer, long offset, long pendingBytes);

    [LoggerMessage(1401, LogLevel.Error,
        "cannot write checkpoint: {Cause}; {PendingBytes} bytes wait in memory and spool; tried again soon")]
    public static partial void StoreCheckpointFailed(ILogger logger, string cause, long pendingBytes);

    [LoggerMessage(1402, LogLevel.Error,
        "cannot write detection checkpoint: {Cause}; {PendingBytes} bytes of spool are held; tried again soon")]
    public static partial void DetectionCheckpointFailed(ILogger logger, string cause, long pendingBytes);

    [LoggerMessage(1403, LogLevel.Warning,
        "cannot use checkpoint {File}: {Cause}; set aside, what it stood for starts anew with what is spooled")]
    public static partial void CheckpointSetAside(ILogger logger, string file, string cause);

    [LoggerMessage(1404, LogLevel.Warning,
        "cannot write to InfluxDB {Url}: {Cause}; its cursor waits, nothing else slows, retried with growing pauses")]
    public static partial void InfluxAway(ILogger logger, string url, string cause);

    [LoggerMessage(1405, LogLevel.Information, "InfluxDB {Url} takes points again after {Failures} failed requests")]
    public static partial void InfluxBack(ILogger logger, string url, int failures);

    [LoggerMessage(1406, LogLevel.Warning,
        "InfluxDB refused {Refused} of {Count} points: {Cause}; they are counted, listed at /api/influx and stay in "
        + "the embedded store")]
    public static partial void InfluxRefusedPoints(ILogger logger, long refused, int count, string cause);

    [LoggerMessage(1407, LogLevel.Error, "cannot append to alarm journal: {Cause}; alarms wait until there is room")]
    public static partial void JournalRefused(ILogger logger, string cause);

    [LoggerMessage(1408, LogLevel.Information, "alarm {Alarm}: {State}")]
    public static partial void AlarmChanged(ILogger logger, string alarm, string state);

    [LoggerMessage(1411, LogLevel.Error,
        "cannot move the InfluxDB cursor: {Cause}; it stays where it is, and moves with the next points that are sent")]
    public static partial void InfluxCursorStuck(ILogger logger, string cause);

    [LoggerMessage(1412, LogLevel.Error,
        "cannot apply alarm journal record at offset {Offset}: {Cause}; passed over, its alarm may show an old state")]
    public static partial void JournalRecordPassed(ILogger logger, long offset, string cause);

    [LoggerMessage(1410, LogLevel.Error,
        "cannot write broker checkpoint: {Cause}; {PendingBytes} bytes of spool are held; tried again soon")]
    public static partial void BrokerCheckpointFailed(ILogger logger, string cause, long pendingBytes);

    [LoggerMessage(1409, LogLevel.Information,
        "message of {Client} on topic {Topic} is quarantined: {Reason} at byte {Offset}; {Count} in quarantine now, "
        + "{Untold} of this client and kind since it was last said")]
    public static partial void Quarantined(
        ILogger logger, string client, string topic, string reason, int offset, long count, int untold);

    [LoggerMessage(1413, LogLevel.Error,
        "cannot take more into store: what it takes cannot be written; {PendingBytes} bytes wait in memory, what comes "
        + "stays in the spool until it can")]
    public static partial void StorePaused(ILogger logger, long pendingBytes);

    [LoggerMessage(1414, LogLevel.Error,
        "cannot end {Part} within {Seconds} s: it waits for a disk that takes nothing; what it has not done is done "
        + "again after the next start")]
    public static partial void EndAbandoned(ILogger logger, string part, double seconds);

    [LoggerMessage(1415, LogLevel.Error,
        "cannot find {Missing} transitions in alarm journal: before offset {Offset} expected number {Expected}, found "
        + "{Found}; their alarms are shown as they were before until they change next")]
    public static partial void JournalGap(ILogger logger, long offset, long expected, long found, long missing);

    [LoggerMessage(1416, LogLevel.Warning,
        "cannot date arrivals by the machine's clock: it is {Seconds:F0} s behind the last arrival, set back or not "
        + "set yet; arrival times run on without it until it has caught up")]
    public static partial void ClockBehind(ILogger logger, double seconds);

    [LoggerMessage(1417, LogLevel.Information, "arrivals are dated by the machine's clock again")]
    public static partial void ClockCaughtUp(ILogger logger);

    [LoggerMessage(1418, LogLevel.Warning,
        "cannot keep the state of decoding at offset {Offset}: {Cause}; the next start decodes from an older one")]
    public static partial void DecodingSnapshotFailed(ILogger logger, long offset, string cause);

    [LoggerMessage(1420, LogLevel.Error,
        "the ledger does not close: between offsets {Start} and {End} the log has {Found} messages, the ledger took "
        + "{Taken}; this is a bug, please report it with the data directory; nothing is stopped")]
    public static partial void LedgerOff(ILogger logger, long start, long end, long found, long taken);

    [LoggerMessage(1419, LogLevel.Warning,
        "cannot read {Part} in the state of decoding at offset {Offset}; it starts empty there")]
    public static partial void DecodingStatePartLost(ILogger logger, string part, long offset);

    [LoggerMessage(1421, LogLevel.Warning,
        "cannot write forecast checkpoint: {Cause}; the forecast goes on, a start would use the last one that was "
        + "written; tried again each minute")]
    public static partial void ForecastCheckpointFailed(ILogger logger, string cause);

    [LoggerMessage(1440, LogLevel.Information,
        "site {Hash} is in force from offset {Offset} on, with {Routes} routes")]
    public static partial void SiteChanged(ILogger logger, string hash, long offset, int routes);

    [LoggerMessage(1441, LogLevel.Warning,
        "cannot change the site: {Faults}; nothing is changed, site {Hash} stays in force")]
    public static partial void SiteRefused(ILogger logger, string faults, string hash);

    [LoggerMessage(1442, LogLevel.Error,
        "cannot find site in {File}: {Cause}; records it is for are decoded by the site before it")]
    public static partial void ArchivedSiteLost(ILogger logger, string file, string cause);

    [LoggerMessage(1445, LogLevel.Warning,
        "lane {Lane} lets go of {Messages} messages, {Bytes} bytes, before offset {Offset}: the spool has little room; "
        + "{Total} since the start, {RoomBytes} bytes more fit in now; the ledger has them as dropped")]
    public static partial void LaneGaveWay(
        ILogger logger, string lane, long messages, long bytes, long offset, long total, long roomBytes);

    [LoggerMessage(1446, LogLevel.Error,
        "cannot let lanes give way: {Cause}; {RoomBytes} bytes fit in the spool until intake stops; tried again soon")]
    public static partial void LanesStuck(ILogger logger, string cause, long roomBytes);

    [LoggerMessage(1450, LogLevel.Warning,
        "InfluxDB does not keep {Dropped} of {Count} points: they are older than its retention; they are counted, "
        + "listed at /api/influx and stay in the embedded store")]
    public static partial void InfluxBeyondRetention(ILogger logger, int dropped, int count);

    [LoggerMessage(1451, LogLevel.Information,
        "sink {Sink} goes on with new data; offsets {From} to {To}, {Bytes} bytes, are sent beside it")]
    public static partial void SinkLeftBehind(ILogger logger, string sink, long from, long to, long bytes);

    [LoggerMessage(1452, LogLevel.Warning,
        "sink {Sink} did not get offsets {From} to {To}, {Bytes} bytes, before the spool needed their room; they are "
        + "written down and refilled from the embedded store")]
    public static partial void SinkMissed(ILogger logger, string sink, long from, long to, long bytes);

    [LoggerMessage(1453, LogLevel.Information,
        "sink {Sink} has the samples of offsets {From} to {To} from the embedded store")]
    public static partial void SinkRefilled(ILogger logger, string sink, long from, long to);

    [LoggerMessage(1454, LogLevel.Error,
        "cannot refill a sink from the embedded store: {Cause}; what it missed stays written down, tried again soon")]
    public static partial void RefillUnreadable(ILogger logger, string cause);

    [LoggerMessage(1470, LogLevel.Warning,
        "cannot make roll-ups: {Cause}; samples are read in their place, and it is tried again soon")]
    public static partial void RollupsFailed(ILogger logger, string cause);

    [LoggerMessage(1455, LogLevel.Error,
        "cannot write to InfluxDB {Url}: {Cause}; the same goes again and again, nothing is dropped: what comes waits "
        + "in the spool, and is refilled from the embedded store when that lets go of it; someone must look")]
    public static partial void InfluxHeld(ILogger logger, string url, string cause);

    [LoggerMessage(1456, LogLevel.Warning,
        "InfluxDB has field {Field} of measurement {Measurement} as {Type}; points of it are set apart and not sent "
        + "for a day, then it is tried again; they stay in the embedded store")]
    public static partial void InfluxTypeLearnt(ILogger logger, string field, string measurement, string type);

    [LoggerMessage(1457, LogLevel.Warning,
        "cannot keep the types that InfluxDB has: {Cause}; they are learnt again after a restart")]
    public static partial void InfluxTypesNotKept(ILogger logger, string cause);

    [LoggerMessage(1458, LogLevel.Information, "created {Bucket} in InfluxDB {Url}")]
    public static partial void InfluxBucketCreated(ILogger logger, string bucket, string url);

    [LoggerMessage(1459, LogLevel.Error,
        "cannot create {Bucket} in InfluxDB {Url}: {Cause}; what comes waits in the spool, tried again with growing "
        + "pauses")]
    public static partial void InfluxBucketNotCreated(ILogger logger, string bucket, string url, string cause);

    [LoggerMessage(1471, LogLevel.Warning,
        "the catalogue of names is filled to {Share:P0}, {Use}; when it is full points of further names are refused; "
        + "{Who}")]
    public static partial void CatalogueFillsUp(ILogger logger, double share, string use, string who);

    [LoggerMessage(1472, LogLevel.Error,
        "cannot take further names: the catalogue holds {Use}, the last tenth for others; points of names it knows are "
        + "stored, those of further ones are refused and listed at /api/refused; {Who}")]
    public static partial void CatalogueFull(ILogger logger, string use, string who);

    [LoggerMessage(1480, LogLevel.Warning,
        "cannot pack the archive: {Cause}; it stays as it is, takes more room, and is tried again soon")]
    public static partial void ArchiveNotPacked(ILogger logger, string cause);

    [LoggerMessage(1481, LogLevel.Information,
        "decoded {Messages} messages of {From} to {To} anew, gateway '{Gateway}', asked by '{Who}': {Changed} samples "
        + "are others than before, {Added} are new, {Failed} messages failed")]
    public static partial void Redecoded(
        ILogger logger, long messages, string from, string to, string gateway, string who, long changed, long added,
        long failed);

    [LoggerMessage(1490, LogLevel.Error,
        "cannot read record of findings at offset {Offset}: kind {Kind}, {Bytes} bytes; passed over, what it said of a "
        + "finding or a verdict is not known")]
    public static partial void FindingRecordPassed(ILogger logger, long offset, byte kind, int bytes);

    [LoggerMessage(1491, LogLevel.Warning,
        "cannot keep further findings: their journal has {BytesMax} bytes; they are remembered until the next start "
        + "and counted, alarms and verdicts are kept as before")]
    public static partial void FindingsNotKept(ILogger logger, long bytesMax);

    [LoggerMessage(1492, LogLevel.Information, "{What}: verdict {Number} ({Words}) by {Who}")]
    public static partial void VerdictChanged(ILogger logger, string what, long number, string words, string who);
}
