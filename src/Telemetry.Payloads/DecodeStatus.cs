namespace Telemetry.Payloads;

/// <summary>What a decoder made of one payload.</summary>
public enum DecodeStatus : byte
{
    /// <summary>It gave at least one point and nothing in it was refused.</summary>
    Decoded = 0,

    /// <summary>It is well formed and holds no value: empty, comments only, or text only.</summary>
    NotAMeasurement = 1,

    /// <summary>Something in it was refused. Good lines or samples beside it were still given to the handler.</summary>
    Faulted = 2,
}
