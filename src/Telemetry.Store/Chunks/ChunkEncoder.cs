using System.Buffers.Binary;
using System.Diagnostics;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Turns samples of one field into the bytes of a chunk (docs/formats/store.md). Holds scratch memory, so it has one
/// user at a time; it allocates nothing once that memory has grown. The fields of a series mostly have the same times,
/// and come one after the other: what is written of times is kept for the next chunk.
/// </summary>
internal sealed class ChunkEncoder
{
    private readonly BlobWriter _section = new();
    private readonly BlobWriter _times = new();
    private readonly BlobWriter _arrivals = new();
    private readonly SampleColumns _timed = new(); // those that these two were made of
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

        EncodeTimes(columns);
        CloseSection(_times, target);
        _section.Clear();
        EncodeValues(columns, type);
        CloseSection(_section, target);
        _section.Clear();
        QualityCodec.Encode(columns.Qualities, _section);
        CloseSection(_section, target);
        CloseSection(_arrivals, target);
        _section.Clear();
        OriginCodec.Encode(columns, _section, _scratch);
        CloseSection(_section, target);

        Span<byte> chunk = target.Written[start..];
        BinaryPrimitives.WriteUInt32LittleEndian(
            chunk[ChunkFormat.ChecksumOffset..], ChunkFormat.ChecksumOf(chunk));
    }

    private void EncodeTimes(SampleColumns columns)
    {
        if (columns.Times.SequenceEqual(_timed.Times) && columns.Arrivals.SequenceEqual(_timed.Arrivals))
        {
            return;
        }

        _timed.Clear();
        _timed.Extend(columns.Count);
        columns.Times.CopyTo(_timed.Times);
        columns.Arrivals.CopyTo(_timed.Arrivals);
        _times.Clear();
        TimeCodec.Encode(columns.Times, _times, _scratch);
        _arrivals.Clear();
        ArrivalCodec.Encode(columns.Times, columns.Arrivals, _arrivals, _scratch);
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

    private static void CloseSection(BlobWriter section, BlobWriter target)
    {
        target.WriteVarint((ulong)section.Count);
        target.WriteBytes(section.Written);
    }
}
