namespace Telemetry.Store;

/// <summary>Start (upper half) and length (lower half) of a text in an arena, in the 64 bits of a sample.</summary>
internal static class TextBits
{
    public static long Of(int start, int length) => ((long)start << 32) | (uint)length;

    public static int Start(long bits) => (int)(bits >>> 32);

    public static int Length(long bits) => (int)(bits & 0xFFFF_FFFF);
}
