using System.Buffers.Binary;
using System.Diagnostics;
using Telemetry.Buffers;

namespace Telemetry.Store;

/// <summary>
/// The bytes of one field's roll-up of one day at one width: version, CRC-32C of what is behind it, count, and the
/// columns of <see cref="RollupColumns"/>, each with its length ahead. See docs/formats/store.md.
/// </summary>
internal sealed class RollupFormat
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 1;

    private const int ChecksumOffset = 1;
    private const int HeaderBytes = ChecksumOffset + sizeof(uint);
    private const int CountMax = 8_640; // windows of 10 s in a day
    private readonly BlobWriter _section = new();
    private long[] _scratch = [];

    /// <summary>Appends windows, ascending and none empty.</summary>
    public void Encode(RollupColumns windows, BlobWriter target)
    {
        Debug.Assert(windows.Count is > 0 and <= CountMax, "a roll-up has windows and a ceiling");
        if (_scratch.Length < windows.Count)
        {
            _scratch = new long[Math.Max(_scratch.Length * 2, windows.Count)];
        }

        int start = target.Count;
        target.WriteByte(Version);
        target.WriteUInt32(0);
        target.WriteVarint((ulong)windows.Count);
        for (int column = 0; column < RollupColumns.ColumnCount; column++)
        {
            _section.Clear();
            EncodeColumn(column, windows.Column(column));
            target.WriteVarint((ulong)_section.Count);
            target.WriteBytes(_section.Written);
        }

        Span<byte> written = target.Written[start..];
        BinaryPrimitives.WriteUInt32LittleEndian(written[ChecksumOffset..], ChecksumOf(written));
    }

    /// <summary>Replaces <paramref name="windows"/> by those of a roll-up; on a fault by none.</summary>
    public static ChunkFault Decode(ReadOnlySpan<byte> bytes, RollupColumns windows)
    {
        windows.Clear();
        if (bytes.Length < HeaderBytes)
        {
            return ChunkFault.Truncated;
        }

        if (bytes[0] != Version)
        {
            return ChunkFault.UnknownVersion;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != ChecksumOf(bytes))
        {
            return ChunkFault.WrongChecksum;
        }

        var reader = new BlobReader(bytes[HeaderBytes..]);
        windows.SetCount(reader.ReadCount(CountMax));
        for (int column = 0; column < RollupColumns.ColumnCount && !reader.Failed; column++)
        {
            var section = new BlobReader(reader.Take(reader.ReadCount(reader.Left)));
            DecodeColumn(column, ref section, windows.Column(column));
            if (section.Failed)
            {
                reader.Fail();
            }
        }

        if (reader.Failed || windows.Count == 0)
        {
            windows.Clear();
            return ChunkFault.Malformed;
        }

        return ChunkFault.None;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) => Crc32C.Append(0, bytes[HeaderBytes..]);

    private void EncodeColumn(int column, Span<long> values)
    {
        switch (column)
        {
            case < RollupColumns.FirstTimeColumn:
                Span<long> counts = _scratch.AsSpan(0, values.Length);
                values.CopyTo(counts);
                IntegerCodec.Encode(counts, _section);
                break;
            case < RollupColumns.FirstFloatColumn:
                TimeCodec.Encode(values, _section, _scratch);
                break;
            default:
                FloatCodec.Encode(values, _section, _scratch);
                break;
        }
    }

    private static void DecodeColumn(int column, ref BlobReader section, Span<long> values)
    {
        switch (column)
        {
            case < RollupColumns.FirstTimeColumn:
                IntegerCodec.Decode(ref section, values);
                break;
            case < RollupColumns.FirstFloatColumn:
                TimeCodec.Decode(ref section, values);
                break;
            default:
                FloatCodec.Decode(ref section, values);
                break;
        }
    }
}
