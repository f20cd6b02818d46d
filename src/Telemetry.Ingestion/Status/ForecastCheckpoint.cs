using System.Buffers;
using Microsoft.Extensions.Logging;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>What the forecast has learnt, with the offset it stands for. docs/formats/forecast-checkpoint.md.</summary>
internal sealed class ForecastCheckpoint
{
    private const uint Magic = 0x5243_4654; // "TFCR" as little-endian bytes
    private const uint Version = 1;
    private readonly CheckpointFile _file;
    private readonly ILogger _logger;
    private readonly ArrayBufferWriter<byte> _state = new();
    private bool _isFailing;

    public ForecastCheckpoint(IFileSystem files, string directory, ILogger logger)
    {
        _file = new CheckpointFile(files, directory, "forecast.checkpoint", Magic, Version, logger);
        _logger = logger;
    }

    /// <summary>Restores the profile of a log that has come so far; without a readable file it is new.</summary>
    public void Restore(IntakeProfile profile, long end)
    {
        if (_file.TryRead(out byte[] state, out long offset) && !profile.TryRestore(state, offset, end))
        {
            _file.SetAside($"the state of {state.Length} bytes is no profile of the intake");
        }
    }

    /// <summary>Replaces the file; when the disk refuses, the old one stands and the next call tries again.</summary>
    public void Write(IntakeProfile profile)
    {
        try
        {
            _state.ResetWrittenCount();
            long offset = profile.Save(_state);
            _file.Write(offset, _state.WrittenSpan);
            _isFailing = false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
            {
                IngestionLog.ForecastCheckpointFailed(_logger, cause.Message);
            }

            _isFailing = true;
        }
    }
}
