using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>One thing that was wrong, as someone who knows says.</summary>
/// <param name="Mode">What it was.</param>
/// <param name="Class">Where the fault was.</param>
/// <param name="Target">The asset or gateway.</param>
/// <param name="Signals">Ids of the signals that showed it.</param>
/// <param name="Start">Event time, nanoseconds since 1970.</param>
/// <param name="End">First time at which nothing of it is left, nanoseconds since 1970.</param>
public sealed record FailureLabel(
    string Mode, FindingClass Class, string Target, IReadOnlyList<string> Signals, long Start, long End);
