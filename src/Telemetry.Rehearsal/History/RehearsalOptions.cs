using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>What is rehearsed.</summary>
public sealed record RehearsalOptions
{
    /// <summary>What the service takes for late when nothing is said.</summary>
    public static readonly TimeSpan LateAfterDefault = TimeSpan.FromMinutes(5);

    /// <summary>How long data may be under way and still be judged by its times (law L8).</summary>
    public static readonly TimeSpan SettleHorizonDefault = TimeSpan.FromHours(72);

    /// <summary>First arrival, of a settled pass first time, nanoseconds since 1970.</summary>
    public required long From { get; init; }

    /// <summary>The first that is no longer wanted, nanoseconds since 1970.</summary>
    public required long To { get; init; }

    /// <summary>Older than its arrival by more than this is late (law L8).</summary>
    public TimeSpan LateAfter { get; init; } = LateAfterDefault;

    /// <summary>
    /// Null: samples come in the order of their arrival. Else in the order of their times, as if each had come at once,
    /// if it came within so long: the settled pass of law L8.
    /// </summary>
    public TimeSpan? SettleHorizon { get; init; }

    /// <summary>Whose days are counted.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    internal bool IsLate(long time, long arrival) => IsLate(time, arrival, LateAfter);

    internal static bool IsLate(long time, long arrival, TimeSpan lateAfter) =>
        time < arrival - (lateAfter.Ticks * 100);

    internal RehearsalOptions Require()
    {
        const long Day = Timestamp.NanosecondsPerDay;
        if (From < Day || To > long.MaxValue - Day)
        {
            throw new RehearsalException("cannot rehearse: expected times from 1970-01-02 to 2262; nothing was run");
        }

        return From < To ? this : throw new RehearsalException(
            $"cannot rehearse: expected a beginning before the end, found {Timestamp.ToDateTimeOffset(From):u} to "
            + $"{Timestamp.ToDateTimeOffset(To):u}; nothing was run");
    }
}
