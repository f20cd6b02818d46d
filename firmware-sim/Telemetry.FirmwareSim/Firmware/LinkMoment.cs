namespace Telemetry.FirmwareSim;

/// <summary>When something changes between a gateway and its link.</summary>
/// <param name="Time">Event time.</param>
/// <param name="Kind">What changes.</param>
/// <param name="LosesBuffer">Of a reset: what waits is lost.</param>
internal readonly record struct LinkMoment(long Time, LinkMoment.Change Kind, bool LosesBuffer = false)
{
    /// <summary>What can change.</summary>
    public enum Change : byte
    {
        /// <summary>The link is back.</summary>
        Back = 0,

        /// <summary>The link goes.</summary>
        Away = 1,

        /// <summary>The gateway resets.</summary>
        Reset = 2,
    }

    /// <summary>All moments of a gateway in the order of time.</summary>
    public static LinkMoment[] Of(IEnumerable<FirmwareEvent> events) =>
    [
        .. events
            .SelectMany<FirmwareEvent, LinkMoment>(one => one.Kind switch
            {
                FirmwareEventKind.Outage => [new(one.Start, Change.Away), new(one.End, Change.Back)],
                FirmwareEventKind.Reset => [new(one.Start, Change.Reset, one.IsBufferLost)],
                _ => [],
            })
            .OrderBy(moment => moment.Time).ThenBy(moment => moment.Kind),
    ];
}
