using System.Diagnostics;
using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// A chunk that still grows: a short tail of plain samples behind encoded parts of 32, so that a field costs about 3 KB
/// at 512 samples and not 12. Samples may come in any order; the one that came last wins. Its arrays are kept when it
/// is sealed, so that a field in its stride allocates nothing.
/// </summary>
internal sealed class OpenChunk
{
    /// <summary>Samples of a full tail: a part of this size costs about 3 bytes a sample.</summary>
    public const int TailCountMax = 32;

    private const int TailCountMin = 4; // most fields of a big site send once a minute or less
    private const int TextBytesMax = 8 * 1024; // a tail of long texts becomes a part before it is full
    private HeadSample[] _tail = [];
    private byte[] _tailText = [];
    private SampleOrigin[] _tailOrigins = []; // one per run of equal ones
    private byte[] _parts = [];
    private int _tailCount;
    private int _tailTextBytes;
    private int _tailOriginCount;
    private int _partsCount;

    /// <summary>How many samples were appended since it was empty.</summary>
    public int Count => _partsCount + _tailCount;

    /// <summary>Bytes of its encoded parts.</summary>
    public int PartsBytes { get; private set; }

    /// <summary>Earliest time in it.</summary>
    public long MinTime { get; private set; } = long.MaxValue;

    /// <summary>Latest time in it.</summary>
    public long MaxTime { get; private set; } = long.MinValue;

    /// <summary>The tail must become a part before the next sample.</summary>
    public bool IsTailFull => _tailCount >= TailCountMax || _tailTextBytes >= TextBytesMax;

    public void Append(long time, long bits, byte quality, long arrival, in SampleOrigin origin)
    {
        Debug.Assert(!IsTailFull, "a full tail becomes a part first");
        if (_tailCount == _tail.Length)
        {
            Array.Resize(ref _tail, Math.Clamp(_tail.Length * 2, TailCountMin, TailCountMax));
        }

        _tail[_tailCount++] = new HeadSample(time, bits, arrival, quality, NumberOf(origin));
        MinTime = Math.Min(MinTime, time);
        MaxTime = Math.Max(MaxTime, time);
    }

    public void AppendText(
        long time, ReadOnlySpan<byte> text, byte quality, long arrival, in SampleOrigin origin)
    {
        int start = _tailTextBytes;
        if (_tailText.Length - start < text.Length)
        {
            Array.Resize(ref _tailText, Math.Max(_tailText.Length * 2, start + text.Length));
        }

        text.CopyTo(_tailText.AsSpan(start));
        _tailTextBytes += text.Length;
        Append(time, TextBits.Of(start, text.Length), quality, arrival, origin);
    }

    /// <summary>Encodes the tail as one more part.</summary>
    /// <returns>How many samples gave way to later ones of the same time.</returns>
    public int EncodeTail(FieldType type, HeadScratch scratch)
    {
        int appended = _tailCount;
        scratch.Columns.Clear();
        CopyTail(scratch.Columns, type);
        int overwritten = scratch.Columns.SortByTime(type);
        scratch.Blob.Clear();
        HeadParts.Write(scratch.Columns, type, scratch.PartEncoder, scratch.Blob);
        AddParts(scratch.Blob.Written, appended - overwritten);
        ClearTail();
        return overwritten;
    }

    /// <summary>Adds all samples to <paramref name="target"/> in the order in which they win.</summary>
    public void CopyTo(SampleColumns target, FieldType type)
    {
        var reader = new BlobReader(_parts.AsSpan(0, PartsBytes));
        while (HeadParts.TryRead(ref reader, out ReadOnlySpan<byte> part))
        {
            ChunkFault fault = ChunkFormat.Decode(part, type, target, withProvenance: true);
            if (fault != ChunkFault.None)
            {
                throw new UnreachableException($"BUG: a head does not read its own part: {ChunkFaultText.Of(fault)}");
            }
        }

        CopyTail(target, type);
    }

    /// <summary>
    /// Copies the encoded parts behind those of <paramref name="parts"/> and the tail behind <paramref name="tail"/>.
    /// </summary>
    public void CopyTo(BlobWriter parts, SampleColumns tail, FieldType type)
    {
        parts.WriteBytes(_parts.AsSpan(0, PartsBytes));
        CopyTail(tail, type);
    }

    /// <summary>Writes what the row of a head holds: all parts, the tail as the last one.</summary>
    public void WriteRow(FieldType type, HeadScratch scratch)
    {
        scratch.Blob.Clear();
        scratch.Blob.WriteBytes(_parts.AsSpan(0, PartsBytes));
        if (_tailCount > 0)
        {
            scratch.Columns.Clear();
            CopyTail(scratch.Columns, type);
            scratch.Columns.SortByTime(type);
            HeadParts.Write(scratch.Columns, type, scratch.PartEncoder, scratch.Blob);
        }
    }

    /// <summary>Takes in what a row held, parts that are known to be sound.</summary>
    public void Restore(ReadOnlySpan<byte> parts, int count, long minTime, long maxTime)
    {
        AddParts(parts, count);
        MinTime = Math.Min(MinTime, minTime);
        MaxTime = Math.Max(MaxTime, maxTime);
    }

    /// <summary>Forgets its samples and keeps its arrays.</summary>
    public void Clear()
    {
        ClearTail();
        _partsCount = 0;
        PartsBytes = 0;
        MinTime = long.MaxValue;
        MaxTime = long.MinValue;
    }

    /// <summary>Number of an origin in the tail's list, from 1.</summary>
    private byte NumberOf(in SampleOrigin origin)
    {
        if (_tailOriginCount == 0 || _tailOrigins[_tailOriginCount - 1] != origin)
        {
            if (_tailOriginCount == _tailOrigins.Length)
            {
                Array.Resize(ref _tailOrigins, Math.Clamp(_tailOrigins.Length * 2, 1, TailCountMax));
            }

            _tailOrigins[_tailOriginCount++] = origin;
        }

        return (byte)_tailOriginCount;
    }

    private void ClearTail()
    {
        _tailCount = 0;
        _tailTextBytes = 0;
        _tailOriginCount = 0;
    }

    private void AddParts(ReadOnlySpan<byte> parts, int count)
    {
        if (_parts.Length - PartsBytes < parts.Length)
        {
            Array.Resize(ref _parts, Math.Max(_parts.Length * 2, PartsBytes + parts.Length));
        }

        parts.CopyTo(_parts.AsSpan(PartsBytes));
        PartsBytes += parts.Length;
        _partsCount += count;
    }

    private void CopyTail(SampleColumns target, FieldType type)
    {
        int first = target.Extend(_tailCount);
        Span<long> times = target.Times[first..];
        Span<long> values = target.Bits[first..];
        Span<long> arrivals = target.Arrivals[first..];
        Span<byte> qualities = target.Qualities[first..];
        for (int i = 0; i < times.Length; i++)
        {
            ref readonly HeadSample sample = ref _tail[i];
            long bits = sample.Bits;
            times[i] = sample.Time;
            values[i] = type == FieldType.String
                ? target.AddText(_tailText.AsSpan(TextBits.Start(bits), TextBits.Length(bits)))
                : bits;
            arrivals[i] = sample.Arrival;
            qualities[i] = sample.Quality;
        }

        CopyTailOrigins(target.Origins, first);
    }

    private void CopyTailOrigins(OriginColumns target, int first)
    {
        for (int i = 0; i < _tailCount;)
        {
            int start = i;
            byte number = _tail[i].Origin;
            while (++i < _tailCount && _tail[i].Origin == number)
            {
            }

            target.Fill(first + start, i - start, _tailOrigins[number - 1]);
        }
    }
}
