using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Detection;
using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class DetectionCheckpointTests
{
    private const string Path = "/detect/detection.checkpoint";
    private readonly FaultyFileSystem _files = new(seed: 3);
    private readonly SeriesCatalogue _catalogue = new();

    [Fact]
    public void Without_a_file_detection_begins_at_the_beginning() => Assert.Equal(0, Restore());

    [Fact]
    public void The_offset_comes_back_after_a_power_cut()
    {
        Write(42);
        Write(4_711);
        _files.Restart(StopMode.PowerCut);
        Assert.Equal(4_711, Restore());
        Assert.Equal([Path], _files.Paths);
    }

    [Fact]
    public void A_stop_at_any_operation_leaves_the_old_file_or_the_new_one()
    {
        for (int step = 1; step <= 6; step++)
        {
            var files = new FaultyFileSystem(step);
            var checkpoint = new DetectionCheckpoint(files, "/detect", NullLogger.Instance);
            checkpoint.Write(1, new DetectorSet(_catalogue));
            files.FailAt(files.OperationCount + step, FaultKind.Crash);
            _ = Record.Exception(() => checkpoint.Write(2, new DetectorSet(_catalogue)));
            files.Restart(StopMode.PowerCutWithRemains);
            long offset = new DetectionCheckpoint(files, "/detect", NullLogger.Instance)
                .Restore(new DetectorSet(_catalogue));
            Assert.InRange(offset, 1, 2);
        }
    }

    [Fact]
    public void Any_flipped_bit_sets_the_file_aside()
    {
        Write(42);
        long bits = _files.LengthOf(Path) * 8;
        for (long bit = 0; bit < bits; bit++)
        {
            Write(42);
            _files.FlipBit(Path, bit);
            Assert.Equal(0, Restore());
            Assert.DoesNotContain(Path, _files.Paths);
            Assert.Contains(Path + ".corrupt", _files.Paths);
        }
    }

    private void Write(long offset) => Open().Write(offset, new DetectorSet(_catalogue));

    private long Restore() => Open().Restore(new DetectorSet(_catalogue));

    private DetectionCheckpoint Open() => new(_files, "/detect", NullLogger.Instance);
}
