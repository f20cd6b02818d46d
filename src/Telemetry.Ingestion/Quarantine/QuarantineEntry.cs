namespace Telemetry.Ingestion;

/// <summary>A message that could not be decoded (whole or in part), as lists show it.</summary>
/// <param name="Offset">Where it stood in the spool; its number.</param>
/// <param name="ArrivalTime">When it arrived, nanoseconds since 1970.</param>
/// <param name="Client">Who sent it.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Reason">Why it was refused, in words.</param>
/// <param name="FaultOffset">Byte in the payload at which the first fault stands.</param>
/// <param name="PayloadBytes">Length of the payload.</param>
/// <param name="PayloadStart">The payload's first bytes as text, for people.</param>
public sealed record QuarantineEntry(
    long Offset,
    long ArrivalTime,
    string Client,
    string Topic,
    string Reason,
    int FaultOffset,
    int PayloadBytes,
    string PayloadStart);
