using static Telemetry.FirmwareSim.Effects;
using static Telemetry.FirmwareSim.OnsetSpan;
using static Telemetry.FirmwareSim.WeatherWindow;

namespace Telemetry.FirmwareSim;

/// <summary>How feeders, crushers, screens, conveyors and the ore bin fail.</summary>
internal static class CrushingModes
{
    public static readonly FailureMode[] All =
    [
        Process("CR1-1", "Uncrushable piece stalls the jaw", Instant(10), 6,
            Offset("motor_current", 90).AtOnce(), Offset("frame_vib", 20).AtOnce(),
            Toward("motor_current", 0).AtOnce().After(0.4), Toward("motor_power", 0).AtOnce().After(0.4),
            Toward("frame_vib", 0).AtOnce().After(0.4), Offset("chamber_level", 30)).Lasting(0.5),
        Process("CR1-2", "Bearing wears or loses its grease", Days(1, 14), 0.8,
            Offset("bearing_de_temp", 18), Offset("bearing_nde_temp", 3), Gain("frame_vib", 0.25)),
        Process("CR1-3", "Jaw liner wears", Weeks(3, 6), 6,
            Offset("css", 4), Gain("motor_power", -0.1)),
        Process("CR1-4", "Toggle or wedge is loose", Minutes(1, 4), 1, Gain("frame_vib", 1)),
        Process("CR1-5", "Frozen lumps bridge the cavity", Minutes(10, 50), 20,
            Offset("chamber_level", 38), Gain("motor_current", -0.5), Gain("motor_power", -0.5)).When(Below(-10)),

        Process("FD-1", "Frozen fines stick to the pan", Hours(1, 4), 25,
            Gain("vib_amplitude", -0.2), Gain("motor_current", 0.2)).When(Between(-25, 3)),

        Process("CR2-1", "Lube oil cooler fouled", Hours(1, 6), 4,
            Offset("lube_return_temp", 14), Offset("lube_tank_temp", 12), Gain("lube_pressure", -0.2))
            .When(Above(15)),
        Process("CR2-2", "Start on cold oil", Minutes(2, 10), 40,
            Toward("lube_pressure", 450), Toward("lube_flow", 55), Toward("lube_tank_temp", 11)).When(Below(-15)),
        Process("CR2-3", "Ring bounces on tramp iron", Instant(20), 30,
            Spikes("hyd_pressure", 14), Spikes("main_vib", 10)),
        Process("CR2-4", "Eccentric bushing wears", Weeks(3, 6), 0.4,
            Offset("lube_return_temp", 8), Offset("oil_contamination", 3), Gain("motor_power", 0.07)),

        Process("SC-1", "Screen blinded or iced", Hours(1, 6), 30,
            Offset("oversize_ratio", 22), Gain("stroke", -0.09)).When(Below(2)),
        Process("SC-2", "Spring broken or deck loose", Minutes(1, 5), 1.5,
            Offset("accel_peak", 17), Noise("stroke", 4)),
        Process("SC-3", "Exciter bearing runs hot", Days(2, 5), 1, Offset("exciter_bearing_temp", 14)),

        Process("CV-1", "Belt slips", Minutes(1, 3), 6,
            Gain("belt_speed", -0.28), Gain("motor_current", -0.25)).When(Below(3)),
        Process("CV-2", "Idler or pulley bearing", Days(3, 14), 2,
            Gain("pulley_vib", 1.2), Offset("pulley_bearing_temp", 12).Late()),
        Process("CV-3", "Chute blocked", Instant(50), 18,
            Toward("chute_blocked", 1).AtOnce(), Toward("belt_scale_rate", 0), Gain("motor_current", 0.6),
            Toward("motor_current", 0).AtOnce().After(0.7)).Lasting(0.6),
        Sensor("CV-4", "Belt scale drifts", Days(1, 7), 6, Gain("belt_scale_rate", 0.12)),
        Process("CV-5", "Belt runs off its track", Minutes(2, 10), 8, Swing("misalignment", 2, 90)),

        Process("OB-1", "Ore hangs up in the bin", Minutes(10, 30), 15, Stuck("level")).When(Below(0)).Lasting(1),

        Process("DM-1", "Dust storm", Minutes(15, 50), 4,
            Toward("pm10", 2_600), Toward("pm25", 420), Offset("resp_dust", 1.8)).Lasting(4),
        Process("DM-2", "Baghouse blinded", Days(1, 4), 3, Offset("baghouse_dp", 950)),
    ];
}
