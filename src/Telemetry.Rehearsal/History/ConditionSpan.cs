using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>How long a condition stood.</summary>
/// <param name="Signal">Its signal, for instance <c>CR-201.motor_current</c>.</param>
/// <param name="Kind">What was watched for.</param>
/// <param name="Began">Event time, nanoseconds since 1970.</param>
/// <param name="Ended">Event time; the largest number while it stands.</param>
public sealed record ConditionSpan(string Signal, ConditionKind Kind, long Began, long Ended);
