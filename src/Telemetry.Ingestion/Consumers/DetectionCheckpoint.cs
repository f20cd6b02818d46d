using Microsoft.Extensions.Logging;
using Telemetry.Detection;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>The detectors' state with the offset it stands for.</summary>
internal sealed class DetectionCheckpoint
{
    private const uint Magic = 0x5445_4454; // "TDET" as little-endian bytes
    private const uint Version = 1;
    private readonly CheckpointFile _file;

    public DetectionCheckpoint(IFileSystem files, string directory, ILogger logger)
    {
        _file = new CheckpointFile(files, directory, "detection.checkpoint", Magic, Version, logger);
    }

    /// <summary>
    /// Restores the detectors and gives the offset to go on from; 0 when there is nothing to restore.
    /// </summary>
    public long Restore(DetectorSet detectors)
    {
        if (!_file.TryRead(out byte[] state, out long offset))
        {
            return 0;
        }

        // Fields that the catalogue no longer takes are left out; the rest of the state is as good as ever.
        RestoreOutcome outcome = detectors.Restore(state);
        if (outcome is RestoreOutcome.Restored or RestoreOutcome.RestoredInPart)
        {
            return offset;
        }

        _file.SetAside($"the state is {outcome}");
        return 0;
    }

    /// <summary>Replaces the file and returns when it is durable.</summary>
    /// <returns>Bytes of the state.</returns>
    /// <exception cref="IOException">The disk refused; the old file stands.</exception>
    public long Write(long offset, DetectorSet detectors) => _file.Write(offset, detectors.Save);
}
