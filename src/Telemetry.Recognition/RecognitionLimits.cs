namespace Telemetry.Recognition;

/// <summary>Ceilings of recognition (law L6): a sender chooses what is looked at.</summary>
public static class RecognitionLimits
{
    /// <summary>Payloads of one topic that are looked at; a format shows in its first messages or not at all.</summary>
    public const int PayloadCountMax = 5;

    /// <summary>Bytes of one payload; a longer one is not looked at.</summary>
    public const int PayloadBytesMax = 64 * 1024;

    /// <summary>Values of one JSON payload that are looked at; the rest is taken to be like them.</summary>
    public const int NodeCountMax = 10_000;

    /// <summary>Nesting of JSON that is looked into; the deepest known format has nine levels.</summary>
    public const int DepthMax = 32;

    /// <summary>Characters of a value quoted as evidence.</summary>
    public const int QuotedCharactersMax = 40;
}
