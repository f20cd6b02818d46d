namespace Telemetry.Spool;

/// <summary>The records of one segment's file, block by block.</summary>
internal interface IBlockSource : IDisposable
{
    /// <summary>Bytes of the log that could not be read so far.</summary>
    long SkippedBytes { get; }

    /// <summary>Puts the next records into a block; false behind the last.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    bool TryNext(RecordBlock block);
}
