using static Telemetry.FirmwareSim.Effects;
using static Telemetry.FirmwareSim.OnsetSpan;
using static Telemetry.FirmwareSim.WeatherWindow;

namespace Telemetry.FirmwareSim;

/// <summary>How the mill, its pumps and cyclones, and the machines that separate fail.</summary>
internal static class ConcentratorModes
{
    public static readonly FailureMode[] All =
    [
        Process("ML-1", "Mill overloaded", Minutes(10, 60), 8,
            Gain("motor_power", -0.2), Offset("sound_level", -8), Offset("discharge_density", 0.2)),
        Process("ML-2", "Charge of balls worn", Weeks(3, 6), 4, Gain("motor_power", -0.1), Offset("sound_level", 4)),
        Process("ML-3", "Trunnion loses its oil", Minutes(2, 20), 0.3,
            Toward("lube_pressure", 45).AtOnce(), Offset("trunnion_de_temp", 20).After(0.2),
            Offset("trunnion_nde_temp", 16).After(0.2)),
        Process("ML-4", "Gear mesh wears", Weeks(3, 6), 0.3, Gain("pinion_vib", 1.4), Offset("gearbox_temp", 7)),
        Process("ML-5", "Feed water freezes", Minutes(1, 10), 4,
            Toward("feed_water_1", 1), Offset("discharge_density", 0.18)).When(Below(-5)),

        Process("CY-1", "Cyclone ropes", Minutes(1, 5), 20,
            Toward("underflow_angle", 7), Gain("vib_rms", -0.5), Offset("overflow_p80", 55)),
        Process("CY-2", "Apex plugged", Minutes(2, 15), 10, Gain("vib_rms", -0.4), Gain("inlet_pressure", 0.14)),
        Process("CY-3", "Apex or vortex finder worn", Weeks(3, 6), 3, Offset("overflow_p80", 36)),
        Process("CY-4", "Sump surges", Minutes(3, 15), 10,
            Swing("sump_level", 14, 40), Swing("inlet_pressure", 16, 40)),

        Process("PU-1", "Impeller or liner worn", Weeks(3, 6), 4,
            Gain("motor_current", 0.12), Gain("speed", 0.08)),
        Process("PU-2", "Pump cavitates", Minutes(1, 30), 8,
            Noise("discharge_pressure", 4), Offset("de_vib", 3.5), Gain("flow", -0.2)),
        Process("PU-3", "Gland water lost", Hours(1, 6), 3,
            Toward("gland_water_flow", 3).AtOnce(), Gain("gland_water_pressure", -0.3).AtOnce(),
            Offset("de_bearing_temp", 16)),
        Process("PU-4", "Pump bearing fails", Days(2, 14), 0.7,
            Gain("de_vib", 1.2), Offset("de_bearing_temp", 14).After(0.8)),
        Process("PU-5", "Line plugs or freezes", Minutes(2, 30), 3,
            Gain("discharge_pressure", 0.6), Toward("flow", 0), Gain("motor_current", -0.4)).When(Below(-10)),

        Process("JG-1", "Diaphragm torn", Minutes(1, 10), 1,
            Gain("motor_current", -0.2), Noise("bed_pressure", 0.2), Gain("hutch_water", 0.25)),
        Process("JG-2", "Bed compacts", Hours(2, 8), 10, Gain("bed_pressure", 0.35)),
        Process("JG-3", "Hutch water swings", Minutes(5, 20), 20, Noise("hutch_water", 5)),

        Process("SP-1", "Spiral beaches for want of feed", Minutes(2, 15), 10,
            Toward("feed_flow", 11), Offset("con_grade", 1.2)),
        Process("SP-2", "Feed too dense", Hours(1, 4), 15, Toward("feed_solids", 43), Offset("con_grade", -1.1)),

        Process("ST-1", "Head motion loose", Days(1, 6), 4,
            Noise("vib_accel", 3), Offset("stroke_len", -1.4), Noise("con_band_pos", 2)),
        Process("ST-2", "Concentrate band shifts", Minutes(10, 60), 200, Offset("con_band_pos", 140)),

        Process("CC-1", "Fluidisation water lost", Minutes(2, 15), 4,
            Toward("fluid_water_flow", 5), Gain("fluid_water_pressure", -0.45), Offset("vib", 3)),

        Sensor("FL-1", "pH probe fails", Minutes(15, 60), 8, Offset("ph", 1)),

        Process("MS-1", "Matrix plugs", Hours(6, 12), 12, Gain("matrix_dp", 1.3)),
    ];
}
