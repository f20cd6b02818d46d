using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class CheckpointFileTests
{
    private const string Path = "/state/some.checkpoint";
    private const int StateBytes = 200_000; // several times what is written at once
    private readonly FaultyFileSystem _files = new(seed: 5);
    private readonly byte[] _state = new byte[StateBytes];

    public CheckpointFileTests() => new Random(6).NextBytes(_state);

    [Fact]
    public void A_state_written_piece_by_piece_makes_the_file_of_one_written_as_a_whole()
    {
        Open(_files).Write(42, _state);
        byte[] whole = ReadAll();
        Open(_files).Write(42, SaveInPieces);
        Assert.Equal(whole, ReadAll());
        Assert.True(Open(_files).TryRead(out byte[] state, out long offset));
        Assert.Equal(42, offset);
        Assert.Equal(_state, state);
    }

    [Fact]
    public void An_empty_state_is_one()
    {
        Open(_files).Write(7, _ => { });
        Assert.True(Open(_files).TryRead(out byte[] state, out long offset));
        Assert.Equal((0, 7), (state.Length, offset));
    }

    [Fact]
    public void A_stop_at_any_operation_leaves_the_old_state_or_the_new_one()
    {
        int operations = _files.OperationCount;
        Open(_files).Write(1, SaveInPieces);
        operations = _files.OperationCount - operations;
        for (int step = 1; step <= operations; step++)
        {
            var files = new FaultyFileSystem(step);
            Open(files).Write(1, new byte[100]);
            files.FailAt(files.OperationCount + step, FaultKind.Crash);
            _ = Record.Exception(() => Open(files).Write(2, SaveInPieces));
            files.Restart(StopMode.PowerCutWithRemains);
            Assert.True(Open(files).TryRead(out byte[] state, out long offset));
            Assert.Equal(offset == 1 ? new byte[100] : _state, state);
        }
    }

    private byte[] ReadAll()
    {
        using IFile file = _files.Open(Path, FileIntent.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return bytes;
    }

    private void SaveInPieces(IBufferWriter<byte> target)
    {
        var random = new Random(7);
        for (int at = 0; at < StateBytes;)
        {
            int bytes = Math.Min(StateBytes - at, random.Next(1, 100_000));
            _state.AsSpan(at, bytes).CopyTo(target.GetSpan(bytes));
            target.Advance(bytes);
            at += bytes;
        }
    }

    private static CheckpointFile Open(FaultyFileSystem files) =>
        new(files, "/state", "some.checkpoint", magic: 1, version: 1, NullLogger.Instance);
}
