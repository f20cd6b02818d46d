namespace Telemetry.Payloads;

/// <summary>The head of a CBOR item (RFC 8949 §3): what it is, and the number that comes with it.</summary>
/// <param name="Major">The major type.</param>
/// <param name="Info">The five lower bits of the first byte, which say how the argument is written.</param>
/// <param name="Argument">A value, a length, a count, a tag or the bits of a float; 0 for an indefinite length.</param>
/// <param name="Start">Where the head starts in the payload.</param>
internal readonly record struct CborHead(CborMajor Major, byte Info, ulong Argument, int Start)
{
    /// <summary>The content goes on until a break.</summary>
    public bool IsIndefinite => Info == CborReader.IndefiniteInfo;
}
