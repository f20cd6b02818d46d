namespace Telemetry.Payloads;

/// <summary>What was refused in one payload.</summary>
/// <param name="Reason">Why the first refused line or sample was refused; None when nothing was.</param>
/// <param name="Offset">Where in the payload that was seen, in bytes from its start.</param>
/// <param name="Count">How many lines or samples were refused.</param>
/// <param name="Path">The path of a mapping that found nothing; null for other reasons.</param>
/// <param name="Alias">The alias that is unknown; 0 for other reasons.</param>
public readonly record struct PayloadFault(
    FaultReason Reason, int Offset, int Count, string? Path = null, ulong Alias = 0)
{
    /// <summary>Nothing was refused.</summary>
    public static PayloadFault None => default;

    /// <summary>This fault and one more: the first one's reason and offset stay.</summary>
    internal PayloadFault And(FaultReason reason, int offset) =>
        Count == 0 ? new PayloadFault(reason, offset, 1) : this with { Count = Count + 1 };
}
