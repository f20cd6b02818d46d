namespace Telemetry.Rehearsal;

/// <summary>A rehearsal cannot go on; the message says where and why, for a person.</summary>
/// <param name="message">The message.</param>
public sealed class RehearsalException(string message) : Exception(message);
