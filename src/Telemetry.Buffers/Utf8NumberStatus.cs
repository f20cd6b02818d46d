namespace Telemetry.Buffers;

/// <summary>What became of an attempt to read an integer.</summary>
public enum Utf8NumberStatus : byte
{
    /// <summary>The whole text is a number of the type.</summary>
    Parsed = 0,

    /// <summary>The text is no whole number.</summary>
    Malformed = 1,

    /// <summary>The text is a whole number that the type cannot hold.</summary>
    OutOfRange = 2,
}
