namespace Telemetry.Testing;

/// <summary>
/// The contents of one file, twice: as processes see it and as the disk has it, with what was written in between.
/// </summary>
internal sealed class FaultyFile
{
    private const int SectorBytes = 512; // written as a whole or not at all

    private readonly List<(long From, long To)> _dirty = [];
    private byte[] _seen = [];
    private byte[] _durable = [];
    private bool _isLengthDirty;

    public long Length => _seen.Length;

    public int Read(Span<byte> buffer, long position)
    {
        if (position >= _seen.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> bytes = _seen.AsSpan((int)position);
        bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        long end = position + bytes.Length;
        if (end > _seen.Length)
        {
            Array.Resize(ref _seen, (int)end);
            _isLengthDirty = true;
        }

        bytes.CopyTo(_seen.AsSpan((int)position));
        _dirty.Add((position, end));
    }

    public void SetLength(long bytes)
    {
        Array.Resize(ref _seen, (int)bytes);
        _isLengthDirty = true;
    }

    public void Sync()
    {
        SetDurableLength(_isLengthDirty ? _seen.Length : Math.Max(_durable.Length, HighestDirty()));
        foreach ((long from, long to) in _dirty)
        {
            Keep(from, to);
        }

        ForgetDirty();
    }

    /// <summary>What a failed sync does: the bytes are taken for written though they are not.</summary>
    public void ForgetDirty()
    {
        _dirty.Clear();
        _isLengthDirty = false;
    }

    /// <summary>The machine starts again; with a random source, some of what was not synced had got through.</summary>
    public void Restart(Random? remains)
    {
        if (remains is not null)
        {
            KeepSome(remains);
        }

        _seen = [.. _durable];
        ForgetDirty();
    }

    public void FlipBit(long bit)
    {
        _seen[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        if (bit / 8 < _durable.Length)
        {
            _durable[bit / 8] = _seen[bit / 8];
        }
    }

    private void KeepSome(Random remains)
    {
        if (_isLengthDirty && remains.Next(2) == 0)
        {
            SetDurableLength(_seen.Length);
        }

        foreach ((long from, long to) in _dirty)
        {
            for (long sector = from - (from % SectorBytes); sector < to; sector += SectorBytes)
            {
                if (remains.Next(2) == 0)
                {
                    Keep(Math.Max(from, sector), Math.Min(to, sector + SectorBytes));
                }
            }
        }
    }

    private void Keep(long from, long to)
    {
        to = Math.Min(to, _seen.Length);
        if (from >= to)
        {
            return;
        }

        SetDurableLength(Math.Max(_durable.Length, to));
        _seen.AsSpan((int)from, (int)(to - from)).CopyTo(_durable.AsSpan((int)from));
    }

    private long HighestDirty()
    {
        long highest = 0;
        foreach ((_, long to) in _dirty)
        {
            highest = Math.Max(highest, Math.Min(to, _seen.Length));
        }

        return highest;
    }

    private void SetDurableLength(long bytes) => Array.Resize(ref _durable, (int)bytes);
}
