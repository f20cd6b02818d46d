using System.Buffers;

namespace Telemetry.Buffers.Tests;

public class StateReaderTests
{
    private readonly ArrayBufferWriter<byte> _target = new();

    [Fact]
    public void What_was_written_is_read()
    {
        Write();

        var reader = new StateReader(_target.WrittenSpan);
        Assert.Equal((7, true, 0xABCD, -5, long.MinValue), (
            reader.Byte(), reader.Flag(), reader.UInt16(), reader.Int32(), reader.Int64()));
        Assert.Equal((0.1, "pump"), (reader.Double(), System.Text.Encoding.ASCII.GetString(reader.Block())));
        Assert.Equal((0, false), (reader.RestBytes, reader.IsFailed));
    }

    [Fact]
    public void What_is_cut_anywhere_fails_and_stays_failed()
    {
        Write();
        for (int bytes = 0; bytes < _target.WrittenCount; bytes++)
        {
            var reader = new StateReader(_target.WrittenSpan[..bytes]);
            ReadAll(ref reader);
            Assert.True(reader.IsFailed, $"{bytes} bytes");
            Assert.Equal((0, 0), (reader.Byte(), reader.Block().Length));
        }
    }

    [Fact]
    public void A_block_of_a_negative_length_fails()
    {
        new StateWriter(_target).Int32(-1);
        var reader = new StateReader(_target.WrittenSpan);
        Assert.True(reader.Block().IsEmpty);
        Assert.True(reader.IsFailed);
    }

    private void Write()
    {
        var writer = new StateWriter(_target);
        writer.Byte(7);
        writer.Flag(true);
        writer.UInt16(0xABCD);
        writer.Int32(-5);
        writer.Int64(long.MinValue);
        writer.Double(0.1);
        writer.Block("pump"u8);
    }

    private static void ReadAll(ref StateReader reader)
    {
        reader.Byte();
        reader.Flag();
        reader.UInt16();
        reader.Int32();
        reader.Int64();
        reader.Double();
        reader.Block();
    }
}
