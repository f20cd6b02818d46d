namespace Telemetry.Store;

/// <summary>Reads what <see cref="BitWriter"/> wrote; past the end it gives zeros and says so.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;

    public bool Failed { get; private set; }

    /// <summary>The next <paramref name="count"/> bits (1…64).</summary>
    public ulong Read(int count)
    {
        if (count > (_source.Length * 8) - _position)
        {
            Failed = true;
            return 0;
        }

        ulong value = 0;
        int filled = 0;
        while (filled < count)
        {
            int within = _position % 8;
            int taken = Math.Min(8 - within, count - filled);
            ulong part = ((ulong)_source[_position / 8] >> within) & ((1UL << taken) - 1);
            value |= part << filled;
            filled += taken;
            _position += taken;
        }

        return value;
    }
}
