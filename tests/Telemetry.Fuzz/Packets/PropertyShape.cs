namespace Telemetry.Fuzz;

/// <summary>How a property's value stands on the wire, and which values it may have.</summary>
internal enum PropertyShape
{
    /// <summary>One byte, 0 or 1.</summary>
    Flag,

    /// <summary>Two bytes.</summary>
    Two,

    /// <summary>Two bytes, not 0.</summary>
    TwoNotZero,

    /// <summary>Four bytes.</summary>
    Four,

    /// <summary>Four bytes, not 0.</summary>
    FourNotZero,

    /// <summary>A variable byte integer, not 0.</summary>
    Variable,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>A topic name.</summary>
    Topic,

    /// <summary>Binary data.</summary>
    Binary,

    /// <summary>Two texts.</summary>
    Pair,
}
