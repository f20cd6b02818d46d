namespace Telemetry.Fuzz;

/// <summary>What stands at a <see cref="Mark"/>.</summary>
internal enum MarkKind
{
    /// <summary>The first byte of a packet; the remaining length follows.</summary>
    Packet,

    /// <summary>The length of a property block, a variable byte integer.</summary>
    PropertyLength,

    /// <summary>The identifier of a property.</summary>
    PropertyId,

    /// <summary>The two byte length in front of a text or of binary data.</summary>
    Prefix,

    /// <summary>A byte with flags, options or a reason code.</summary>
    Code,
}
