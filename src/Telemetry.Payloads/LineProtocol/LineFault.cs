namespace Telemetry.Payloads;

/// <summary>Where one line stands, and why it was refused if it was.</summary>
/// <param name="Reason">Why; None when the line is good.</param>
/// <param name="Offset">Where in the payload the fault was seen, in bytes.</param>
/// <param name="LineStart">Where the line starts in the payload.</param>
/// <param name="LineBytes">Length of the line without its line end.</param>
public readonly record struct LineFault(FaultReason Reason, int Offset, int LineStart, int LineBytes);
