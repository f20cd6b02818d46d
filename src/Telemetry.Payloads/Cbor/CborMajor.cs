namespace Telemetry.Payloads;

/// <summary>The major type of a CBOR item, as its first byte numbers it (RFC 8949 §3.1).</summary>
internal enum CborMajor : byte
{
    Unsigned = 0,
    Negative = 1,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,

    /// <summary>Floats, truth values, null and other simple values.</summary>
    Simple = 7,
}
