namespace Telemetry.Model;

/// <summary>
/// Quality of a sample as an OPC DA quality byte (OPC DA 3.0 §6.8); the upper two bits are the class.
/// </summary>
public static class Quality
{
    /// <summary>The value is not useful.</summary>
    public const byte Bad = 0;

    /// <summary>Nobody can say what the value is now; this was the last one.</summary>
    public const byte LastKnown = 20;

    /// <summary>The value's use is in doubt.</summary>
    public const byte Uncertain = 64;

    /// <summary>The value is good. What has no quality of its own is good.</summary>
    public const byte Good = 192;

    /// <summary>True when the class bits of <paramref name="quality"/> say good.</summary>
    public static bool IsGood(byte quality) => (quality & 0xC0) == Good;

    /// <summary>The class of a quality in a word; what OPC reserves is bad.</summary>
    public static string ClassOf(byte quality) => (quality & 0xC0) switch
    {
        Good => "good",
        Uncertain => "uncertain",
        _ => "bad",
    };
}
