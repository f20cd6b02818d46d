using static Telemetry.FirmwareSim.Effects;
using static Telemetry.FirmwareSim.OnsetSpan;

namespace Telemetry.FirmwareSim;

/// <summary>How any sensor fails, and how gateways and their links do.</summary>
internal static class SensorModes
{
    private const string One = SignalEffect.One;
    private const string Every = SignalEffect.Every;

    public static readonly FailureMode[] All =
    [
        AnySensor("SN-1", "Open circuit", Instant(), 0.1, Pinned(One, -0.1)),
        AnySensor("SN-2", "Short circuit", Instant(), 0.1, Pinned(One, 1.1)),
        AnySensor("SN-3", "Stuck", Instant(), 0.3, Stuck(One)),
        AnySensor("SN-4", "Loose contact", Minutes(5, 40), 0.3, Spikes(One, 16).AtOnce()),
        AnySensor("SN-5", "Interference", Minutes(2, 20), 0.3, Noise(One, 6)),
        AnySensor("SN-6", "Dampened by ice or dust", Hours(2, 8), 0.3, Noise(One, 0.05)),
        AnySensor("SN-7", "Moisture in the connector", Hours(4, 18), 0.2, Drift(One, 24)),
        AnySensor("SN-8", "Drift over days", Days(3, 12), 0.2, Drift(One, -26)),
        AnySensor("SN-9", "Drift over weeks", Weeks(3, 6), 0.2, Drift(One, 30)),
        AnySensor("SN-10", "Same samples again and again", Instant(), 0.1, Pattern(One, 8)),
        AnySensor("SN-11", "Samples drop out", Hours(1, 6), 0.3, DropOut(One, 0.9)),
        AnySensor("SN-12", "Wrong unit after a service", Instant(), 0.1, Scale(One, 10)),
        AnySensor("SN-13", "Insulation ages", Weeks(2, 5), 0.1, Noise(One, 5)),
        AnySensor("SN-14", "Connector corrodes", Days(2, 6), 0.2, Spikes(One, 14)),

        OfGateway("GW-1", "Link away", Instant(), 40, DropOut(Every, 1).AtOnce()),
        OfGateway("GW-2", "Clock runs free in the cold", Days(2, 10), 2,
            new SignalEffect(EffectKind.ClockDrift, "", -12.4, EffectShape.Step)),
        OfGateway("GW-3", "Watchdog restarts the gateway", Instant(), 365)
            .NotSeen("a restart is a gap of seconds, and daily by design"),
        OfGateway("GW-4", "Messages twice or out of order", Instant(), 100)
            .NotSeen("the values and their times are right"),
        OfGateway("GW-5", "Scaling changed by a service", Instant(), 1, Scale(Every, 10)),
        OfGateway("GW-6", "Clock loses its time", Instant(), 1,
            new SignalEffect(EffectKind.ClockReset, "", 1, EffectShape.Step)),
        OfGateway("GW-7", "Brown-out of its supply", Minutes(5, 40), 2,
            Noise(Every, 6), Toward("supply_voltage", 17)),
        OfGateway("GW-8", "Antenna ices", Hours(2, 10), 3, DropOut(Every, 0.9), Offset("rssi", -28)),
        OfGateway("GW-9", "Radio weakens", Days(2, 6), 1, DropOut(Every, 0.8), Offset("rssi", -24)),
    ];
}
