namespace Telemetry.Payloads;

/// <summary>What a byte can mean in line protocol outside of quotes.</summary>
internal static class ByteClass
{
    public const byte Plain = 0;
    public const byte Comma = 1;
    public const byte EqualsSign = 2;
    public const byte Space = 3;
    public const byte Backslash = 4;
    public const byte Control = 5; // 0x00 … 0x1F and 0x7F, the line ends among them
    public const byte High = 6; // part of a character of several bytes, or no UTF-8 at all

    private const byte C = Control;
    private const byte H = High;

    /// <summary>The class of each byte.</summary>
    public static ReadOnlySpan<byte> Of =>
    [
        C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C,
        C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C,
        Space, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Comma, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, EqualsSign, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Backslash, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, C,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
        H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    ];
}
