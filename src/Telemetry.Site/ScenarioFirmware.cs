namespace Telemetry.Site;

/// <summary>
/// How the firmware of simulated gateways behaves. All of it is off until it is asked for; when and whom it befalls is
/// drawn from the run's seed. A share is a part of 1.
/// </summary>
public sealed record ScenarioFirmware
{
    /// <summary>Ceiling of <see cref="ClockDrift"/>: an hour a day.</summary>
    public const double ClockDriftMax = 3_600;

    /// <summary>Ceiling of what happens so many times a day.</summary>
    public const double PerDayMax = 100;

    /// <summary>Ceiling of <see cref="OutageMinutes"/>: a week.</summary>
    public const double OutageMinutesMax = 7 * 24 * 60;

    /// <summary>Floor of <see cref="OutageMinutes"/>: a second.</summary>
    public const double OutageMinutesMin = 1 / 60.0;

    /// <summary>Ceiling of <see cref="BufferMessages"/>.</summary>
    public const int BufferMessagesMax = 1_000_000;

    /// <summary>Floor of <see cref="TimeSyncHours"/> above 0: a minute.</summary>
    public const double TimeSyncHoursMin = 1 / 60.0;

    /// <summary>Ceiling of <see cref="TimeSyncHours"/> and <see cref="UpdateAfterHours"/>: 90 days.</summary>
    public const double HoursMax = 90 * 24;

    /// <summary>Whose firmware it is; empty for all gateways.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Largest drift of a clock, seconds a day; each gateway has its own, to either side.</summary>
    public double ClockDrift { get; init; }

    /// <summary>Hours from one setting of the clock to the next; 0: it is never set.</summary>
    public double TimeSyncHours { get; init; } = 6;

    /// <summary>Resets of a gateway a day, those of brown-outs and updates not counted.</summary>
    public double Resets { get; init; }

    /// <summary>Share of resets after which the clock begins anew.</summary>
    public double ClockLost { get; init; }

    /// <summary>Where a clock begins that lost its time.</summary>
    public DateTimeOffset ClockBegins { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Share of resets that lose what waits in the buffer.</summary>
    public double BufferLost { get; init; }

    /// <summary>Outages of a gateway's link a day.</summary>
    public double Outages { get; init; }

    /// <summary>How long an outage lasts in the mean, minutes.</summary>
    public double OutageMinutes { get; init; } = 10;

    /// <summary>Messages the buffer holds; of more the oldest are lost.</summary>
    public int BufferMessages { get; init; } = 10_000;

    /// <summary>Share of the messages of a back-fill that leave later than their turn.</summary>
    public double BackfillReordered { get; init; }

    /// <summary>Share of live messages that leave later than their turn.</summary>
    public double Reordered { get; init; }

    /// <summary>Share of messages whose first acknowledgement is lost, so that they are sent twice.</summary>
    public double Duplicates { get; init; }

    /// <summary>Brown-outs of a gateway's supply a day; each ends in a reset.</summary>
    public double BrownOuts { get; init; }

    /// <summary>What an update changes.</summary>
    public FirmwareUpdate Update { get; init; }

    /// <summary>Hours until updates begin; each gateway has its own within the hour after.</summary>
    public double UpdateAfterHours { get; init; } = 1;
}
