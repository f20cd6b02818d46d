namespace Telemetry.Store;

/// <summary>Writes numbers of few bits one behind the other, lowest bit first.</summary>
internal ref struct BitWriter(BlobWriter target)
{
    private ulong _word;
    private int _filled;

    /// <summary>Writes the lowest <paramref name="count"/> bits (1…64); the others must be zero.</summary>
    public void Write(ulong value, int count)
    {
        _word |= value << _filled;
        _filled += count;
        if (_filled >= 64)
        {
            target.WriteInt64(unchecked((long)_word));
            _filled -= 64;
            _word = _filled == 0 ? 0 : value >> (count - _filled);
        }
    }

    /// <summary>Writes what is left of the last bytes.</summary>
    public void Close()
    {
        for (; _filled > 0; _filled -= 8)
        {
            target.WriteByte((byte)(_word & 0xFF));
            _word >>= 8;
        }
    }
}
