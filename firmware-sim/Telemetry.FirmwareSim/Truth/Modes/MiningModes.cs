using static Telemetry.FirmwareSim.Effects;
using static Telemetry.FirmwareSim.OnsetSpan;
using static Telemetry.FirmwareSim.WeatherWindow;

namespace Telemetry.FirmwareSim;

/// <summary>How drills, excavators, trucks and what stands around the pit fail.</summary>
internal static class MiningModes
{
    public static readonly FailureMode[] All =
    [
        Process("DR-1", "Hydraulic oil too cold at the start", Minutes(10, 40), 60,
            Toward("hyd_oil_temp", 8).AtOnce(), Gain("feed_pressure", 0.4), Gain("rotation_pressure", 0.4),
            Gain("penetration_rate", -0.3)).When(Below(-20)),
        Process("DR-2", "Worn bit", Hours(8, 24), 40,
            Gain("penetration_rate", -0.45), Noise("rotation_pressure", 2.5)),
        Process("DR-3", "Air filter blinded", Weeks(2, 4), 4,
            Gain("air_flush_pressure", -0.2), Offset("coolant_temp", 4)),

        Process("EX-1", "Cooling pack blinded", Days(2, 8), 3,
            Offset("coolant_temp", 11), Offset("hyd_oil_temp", 12)),

        Process("HT-1", "Tyre leaks slowly", Hours(8, 24), 6, Offset("tyre_pressure", -150)),
        Process("HT-2", "Tyre too hot", Minutes(30, 60), 2,
            Offset("tyre_temp", 36), Gain("tyre_pressure", 0.09)).When(Above(5)),
        Process("HT-3", "Injector or turbo wears", Weeks(2, 6), 1.5, Offset("exhaust_temp", 90)),
        Process("HT-4", "Brake too hot", Minutes(3, 15), 4, Offset("brake_oil_temp", 45)),
        Process("HT-5", "Diesel waxes", Minutes(5, 30), 3,
            Toward("fuel_temp", -33), Gain("speed", -0.6), Gain("exhaust_temp", -0.3)).When(Below(-28)),

        Process("DW-1", "Pump runs dry", Instant(30), 3,
            Toward("motor_current", 38), Toward("flow", 0), Gain("discharge_pressure", -0.7)),
        Process("DW-2", "Discharge line freezes", Minutes(3, 20), 4,
            Gain("discharge_pressure", 0.6), Toward("flow", 0), Toward("line_temp", -3),
            Gain("motor_current", -0.25)).When(Below(-10)),

        Process("VF-1", "Gas of the blast does not clear", Minutes(20, 60), 10,
            Offset("co", 48), Offset("no2", 4.5), Offset("no", 15)),
        Process("VF-2", "Fan stalls or ices", Hours(1, 6), 1,
            Noise("fan_diff_pressure", 4), Gain("air_flow", -0.22), Offset("vib_de", 2.5)).When(Between(-6, 1)),
    ];
}
