namespace Telemetry.Buffers.Tests;

public sealed class ByteReaderTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        byte[] bytes = new byte[32];
        var writer = new ByteWriter(bytes);
        writer.WriteByte(0xAB);
        writer.WriteUInt16(0x1234);
        writer.WriteUInt32(0x89AB_CDEF);
        writer.WriteVariableByteInteger(300);
        writer.WritePrefixed("topic"u8);
        writer.WriteBytes("xy"u8);
        Assert.Equal("AB123489ABCDEFAC020005746F7069637879", Convert.ToHexString(bytes.AsSpan(0, writer.WrittenBytes)));

        var reader = new ByteReader(bytes.AsSpan(0, writer.WrittenBytes));
        Assert.Equal(0xAB, reader.ReadByte());
        Assert.Equal(0x1234, reader.ReadUInt16());
        Assert.Equal(0x89AB_CDEFu, reader.ReadUInt32());
        Assert.Equal(300, reader.ReadVariableByteInteger());
        Assert.True(reader.ReadPrefixed().SequenceEqual("topic"u8));
        Assert.True(reader.ReadBytes(2).SequenceEqual("xy"u8));
        Assert.True(reader.IsAtEnd);
        Assert.False(reader.Failed);
    }

    [Fact]
    public void A_field_cut_anywhere_fails_and_stays_failed()
    {
        byte[] field = [0x00, 0x03, (byte)'a', (byte)'b', (byte)'c'];
        for (int cut = 0; cut < field.Length; cut++)
        {
            var reader = new ByteReader(field.AsSpan(0, cut));

            Assert.True(reader.ReadPrefixed().IsEmpty);
            Assert.True(reader.Failed);
            Assert.Equal(0, reader.ReadByte());
            Assert.True(reader.Failed && reader.IsAtEnd && reader.Rest.IsEmpty);
        }
    }

    [Fact]
    public void A_negative_count_fails()
    {
        var reader = new ByteReader(new byte[4]);

        Assert.True(reader.ReadBytes(-1).IsEmpty);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void A_text_too_long_for_its_length_is_the_callers_fault() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ByteWriter(new byte[70_000]).WritePrefixed(new byte[65_536]));
}
