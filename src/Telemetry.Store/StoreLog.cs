using Microsoft.Extensions.Logging;

namespace Telemetry.Store;

/// <summary>What the embedded store logs; event ids 1100 to 1199.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1100, LogLevel.Information,
        "opened store '{Path}': {SeriesCount} series, {FieldCount} fields, {HeadCount} open chunks")]
    public static partial void Opened(ILogger logger, string path, int seriesCount, int fieldCount, int headCount);

    [LoggerMessage(1101, LogLevel.Error,
        "cannot read chunk {Chunk} of field '{Field}' of series '{SeriesKey}': {Cause}; "
        + "it stays in the file, is left out of answers and counted")]
    public static partial void ChunkCorrupt(ILogger logger, long chunk, string field, string seriesKey, string cause);

    [LoggerMessage(1102, LogLevel.Error,
        "cannot read the open chunk in row {Row} of table heads: {Cause}; "
        + "its bytes are set aside in table set_aside and {SampleCount} samples before the damage are kept")]
    public static partial void HeadCorrupt(ILogger logger, long row, string cause, int sampleCount);

    [LoggerMessage(1103, LogLevel.Warning,
        "cannot take field '{Field}' of series '{SeriesKey}' into the catalogue: {Cause}; "
        + "its samples stay in the file and cannot be asked for")]
    public static partial void FieldLeftOut(ILogger logger, string field, string seriesKey, string cause);

    [LoggerMessage(1104, LogLevel.Error,
        "cannot write the checkpoint of store '{Path}': {Cause}; {PendingBytes} bytes of sealed chunks stay in memory "
        + "and the next checkpoint writes them again")]
    public static partial void CheckpointFailed(ILogger logger, string path, string cause, long pendingBytes);

    [LoggerMessage(1105, LogLevel.Error,
        "cannot read roll-up {Row} of field '{Field}' of series '{SeriesKey}': {Cause}; "
        + "its samples are read instead, and it is counted")]
    public static partial void RollupCorrupt(ILogger logger, long row, string field, string seriesKey, string cause);
}
