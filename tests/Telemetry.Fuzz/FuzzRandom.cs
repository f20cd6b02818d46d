namespace Telemetry.Fuzz;

/// <summary>
/// SplitMix64. It is set anew for every input from the seed and the input's number, so that any input can be made again
/// alone, by whichever worker.
/// </summary>
internal sealed class FuzzRandom
{
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15; // the golden ratio, as published with the algorithm

    private ulong _state;

    /// <summary>Starts the numbers of one input.</summary>
    public void Reset(ulong seed, long index) => _state = Mix(seed + Gamma) ^ Mix(((ulong)index * Gamma) + 1);

    public ulong Next() => Mix(_state += Gamma);

    /// <summary>0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>Both ends included.</summary>
    public int Between(int min, int max) => min + Below(max - min + 1);

    public bool OneIn(int count) => Below(count) == 0;

    public byte NextByte() => (byte)Next();

    public T Pick<T>(ReadOnlySpan<T> from) => from[Below(from.Length)];

    /// <summary>A number of at most so many bits, small and greatest ones more often than others.</summary>
    public uint Number(int bits)
    {
        uint max = (uint)((1UL << bits) - 1);
        return Below(8) switch
        {
            0 => max,
            1 => max - (uint)Below(2),
            2 or 3 or 4 => (uint)Below(4),
            5 => (uint)Below(256) & max,
            _ => (uint)Next() & max,
        };
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
