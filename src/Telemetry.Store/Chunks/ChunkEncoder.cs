using System.Buffers.Binary;
using System.Diagnostics;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Turns samples of one field into the bytes of a chunk (docs/formats/store.md). Holds scratch memory, so it has one
/// user at a time; it allocates nothing once that memory has grown.
/// </summary>
internal sealed class ChunkEncoder
{
    private readonly BlobWriter _section = new();
    private long[] _scratch = new long[64];

    /// <summary>Appends one chunk to <paramref name="target"/>.</summary>
    /// <param name="columns">At least one sample, ascending in time, no time twice.</param>
    /// <param name="type">The field's type.</param>
    /// <param name="target">Where the chunk goes.</param>
    public void Encode(SampleColumns columns, FieldType type, BlobWriter target)
    {
        Debug.Assert(columns.Count is > 0 and <= ChunkFormat.SampleCountMax, "a chunk has samples and a ceiling");
        if (_scratch.Length < columns.Count)
        {
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, columns.Count));
        }

        int start = target.Count;
        target.WriteByte(ChunkFormat.Version);
        target.WriteByte((byte)type);
        target.WriteUInt32(0);
        target.WriteVarint((ulong)columns.Count);

        _section.Clear();
        TimeCodec.Encode(columns.Times, _section, _scratch);
        CloseSection(target);
        EncodeValues(columns, type);
        CloseSection(target);
        QualityCodec.Encode(columns.Qualities, _section);
        CloseSection(target);
        ArrivalCodec.Encode(columns.Times, columns.Arrivals, _section, _scratch);
        CloseSection(target);
        OriginCodec.Encode(columns, _section, _scratch);
        CloseSection(target);

        Span<byte> chunk = target.Written[start..];
        BinaryPrimitives.WriteUInt32LittleEndian(
            chunk[ChunkFormat.ChecksumOffset..], ChunkFormat.ChecksumOf(chunk));
    }

    private void EncodeValues(SampleColumns columns, FieldType type)
    {
        switch (type)
        {
            case FieldType.Float:
                FloatCodec.Encode(columns.Bits, _section, _scratch);
                break;
            case FieldType.Boolean:
                BooleanCodec.Encode(columns.Bits, _section);
                break;
            case FieldType.String:
                StringCodec.Encode(columns, _section, _scratch);
                break;
            default:
                columns.Bits.CopyTo(_scratch);
                IntegerCodec.Encode(_scratch.AsSpan(0, columns.Count), _section);
                break;
        }
    }

    private void CloseSection(BlobWriter target)
    {
        target.WriteVarint((ulong)_section.Count);
        target.WriteBytes(_section.Written);
        _section.Clear();
    }
}
