using System.Runtime.InteropServices;

namespace Telemetry.Model;

/// <summary>
/// A fast hash of short names. It is not seeded: tables that use it chain their entries and have a ceiling, so that
/// hostile names cost time but not correctness.
/// </summary>
public static class KeyHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio (Knuth, TAOCP 3, §6.4)

    /// <summary>The hash of <paramref name="key"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> key)
    {
        ulong hash = (ulong)key.Length * Multiplier;
        ReadOnlySpan<byte> rest = key;
        while (rest.Length >= sizeof(ulong))
        {
            hash = Mix(hash, MemoryMarshal.Read<ulong>(rest));
            rest = rest[sizeof(ulong)..];
        }

        if (!rest.IsEmpty)
        {
            bool isLong = key.Length >= sizeof(ulong);
            hash = Mix(hash, isLong ? MemoryMarshal.Read<ulong>(key[^sizeof(ulong)..]) : Short(key));
        }

        return (uint)hash;
    }

    /// <summary>
    /// Both halves of the product, folded: of the lower one alone the upper bits of a word, the last characters of a
    /// name that is counted up, reach only the upper bits of the hash.
    /// </summary>
    private static ulong Mix(ulong hash, ulong word)
    {
        ulong upper = Math.BigMul(hash ^ word, Multiplier, out ulong lower);
        return upper ^ lower;
    }

    /// <summary>
    /// Up to seven bytes in one word, read twice where they overlap; the length is in the hash already.
    /// </summary>
    private static ulong Short(ReadOnlySpan<byte> key) =>
        key.Length >= sizeof(uint)
            ? MemoryMarshal.Read<uint>(key) | ((ulong)MemoryMarshal.Read<uint>(key[^sizeof(uint)..]) << 32)
            : key[0] | ((ulong)key[key.Length / 2] << 8) | ((ulong)key[^1] << 16);
}
