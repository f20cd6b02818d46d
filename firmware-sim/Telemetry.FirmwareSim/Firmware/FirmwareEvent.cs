namespace Telemetry.FirmwareSim;

/// <summary>
/// The truth about one thing that befalls a gateway. Times are event times, nanoseconds since 1970 and whole
/// milliseconds.
/// </summary>
/// <param name="Id">Unique in the run, for instance <c>GW-MILL/reset/3</c>.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Gateway">To which gateway.</param>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it is over.</param>
public sealed record FirmwareEvent(string Id, FirmwareEventKind Kind, string Gateway, long Start, long End)
{
    /// <summary>Of a drift: seconds a day that the clock gains.</summary>
    public double Size { get; init; }

    /// <summary>Of a reset: what waited in the buffer is lost.</summary>
    public bool IsBufferLost { get; init; }

    /// <summary>Of a lost clock: where it begins, nanoseconds since 1970.</summary>
    public long ClockBegins { get; init; }

    /// <summary>Of an update: the firmware's version from then on.</summary>
    public string Version { get; init; } = "";

    /// <summary>Of an update: the signal that is told in another way; empty when there is none to take.</summary>
    public string Signal { get; init; } = "";

    /// <summary>Of an update: the name of the signal from then on; empty when it stays.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of an update: value told = value × this + <see cref="Offset"/>.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Of an update: added to the value told.</summary>
    public double Offset { get; init; }

    /// <summary>Of an update: the UCUM unit from then on; empty when no unit says what the scale does.</summary>
    public string Unit { get; init; } = "";

    /// <summary>True at a time from its start on and before its end.</summary>
    public bool IsAt(long time) => time >= Start && time < End;
}
