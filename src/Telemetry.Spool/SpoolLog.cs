using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>What the spool says; event ids 1000 to 1099.</summary>
internal static partial class SpoolLog
{
    [LoggerMessage(1000, LogLevel.Information,
        "spool '{Directory}' is open: {SegmentCount} segments, offsets {FirstOffset} to {EndOffset}; verified "
        + "{VerifiedBytes} bytes in {Milliseconds} ms")]
    public static partial void Opened(
        this ILogger log, string directory, int segmentCount, long firstOffset, long endOffset, long verifiedBytes,
        double milliseconds);

    [LoggerMessage(1001, LogLevel.Warning,
        "cut the torn tail of segment '{Segment}': expected {Expected}, found {Found} at offset {Offset}; {TornBytes} "
        + "bytes are left unread and the log goes on at this offset")]
    public static partial void TornTailCut(
        this ILogger log, string segment, string expected, string found, long offset, long tornBytes);

    [LoggerMessage(1002, LogLevel.Error,
        "cannot read segment '{Segment}' at offset {Offset}: expected {Expected}, found {Found}; the file is set aside "
        + "as '{SetAsideAs}', {SalvagedBytes} bytes of whole records are kept and {LostBytes} bytes are lost to "
        + "readers; inspect it with 'xxd {SetAsideAs}'")]
    public static partial void SegmentSetAside(
        this ILogger log, string segment, long offset, string expected, string found, string setAsideAs,
        long salvagedBytes, long lostBytes);

    [LoggerMessage(1003, LogLevel.Warning,
        "the log has a hole: {Bytes} bytes are missing from offset {Offset}; readers pass over it")]
    public static partial void HoleFound(this ILogger log, long offset, long bytes);

    [LoggerMessage(1004, LogLevel.Error,
        "the log ends at offset {FoundOffset} but offset {KnownOffset} was already given out; new records begin "
        + "there, so that none takes the place of one that a consumer has seen")]
    public static partial void EndRaised(this ILogger log, long foundOffset, long knownOffset);

    [LoggerMessage(1010, LogLevel.Error,
        "cannot write to the spool: {Cause}; {BytesWanted} bytes wait and {BytesFree} are free; intake stops, "
        + "nothing is acknowledged, and the write is tried again every {RetryMilliseconds} ms")]
    public static partial void Full(
        this ILogger log, string cause, long bytesWanted, long bytesFree, int retryMilliseconds);

    [LoggerMessage(1011, LogLevel.Information, "the spool has room again after {Seconds} s; intake resumes")]
    public static partial void RoomAgain(this ILogger log, double seconds);

    [LoggerMessage(1012, LogLevel.Error,
        "cannot make segment '{Segment}' durable behind offset {Offset}: {Cause}; it is not trusted any more "
        + "and {Bytes} bytes not yet acknowledged are written to a new segment")]
    public static partial void SegmentAbandoned(
        this ILogger log, Exception error, string segment, long offset, string cause, long bytes);

    [LoggerMessage(1013, LogLevel.Critical,
        "cannot write to the spool: {Cause}, twice in a row; {BytesWanted} bytes were not acknowledged; intake is over "
        + "until the program is started again, reading goes on")]
    public static partial void Failed(this ILogger log, Exception error, string cause, long bytesWanted);

    [LoggerMessage(1020, LogLevel.Warning,
        "cannot delete segment '{Segment}': {Cause}; it is tried again after the next commit")]
    public static partial void TrimFailed(this ILogger log, Exception error, string segment, string cause);

    [LoggerMessage(1021, LogLevel.Warning,
        "segment '{Segment}' up to offset {Offset} is deleted for want of room though optional holder "
        + "'{Holder}' is only at offset {HolderOffset}; its reader passes over {Bytes} bytes")]
    public static partial void OptionalHolderOverruled(
        this ILogger log, string segment, long offset, string holder, long holderOffset, long bytes);

    [LoggerMessage(1030, LogLevel.Error,
        "cannot read cursor '{Cursor}': expected {Expected}, found {Found}; the file is set aside as "
        + "'{SetAsideAs}' and the cursor starts again at offset {Offset}")]
    public static partial void CursorSetAside(
        this ILogger log, string cursor, string expected, string found, string setAsideAs, long offset);

    [LoggerMessage(1040, LogLevel.Error,
        "cannot read record at offset {Offset} of segment '{Segment}': expected {Expected}, found {Found}; "
        + "{SkippedBytes} bytes are passed over and reading goes on behind them")]
    public static partial void RecordUnreadable(
        this ILogger log, long offset, string segment, string expected, string found, long skippedBytes);

    [LoggerMessage(1050, LogLevel.Warning,
        "cannot take segment '{Segment}' into the archive: {Cause}; it is {Outcome}, and what is deleted cannot be "
        + "decoded anew")]
    public static partial void ArchiveUnwell(
        this ILogger log, Exception error, string segment, string cause, string outcome);

    [LoggerMessage(1051, LogLevel.Warning,
        "cannot delete archived segment '{Segment}': {Cause}; its bytes are not counted until the next start")]
    public static partial void ArchiveTrimFailed(this ILogger log, Exception error, string segment, string cause);

    [LoggerMessage(1052, LogLevel.Warning,
        "cannot pack archived segment '{Segment}': not all of it can be read; it stays as it is until its turn to go")]
    public static partial void ArchivedSegmentDamaged(this ILogger log, string segment);

    [LoggerMessage(1053, LogLevel.Error,
        "cannot read archived segment '{Segment}': its header is not as it was written; it is set aside as "
        + "'{SetAsideAs}'")]
    public static partial void ArchiveFileSetAside(this ILogger log, string segment, string setAsideAs);
}
