using static Telemetry.FirmwareSim.Effects;
using static Telemetry.FirmwareSim.OnsetSpan;
using static Telemetry.FirmwareSim.WeatherWindow;

namespace Telemetry.FirmwareSim;

/// <summary>How tailings, water, power, heat and air fail.</summary>
internal static class UtilityModes
{
    public static readonly FailureMode[] All =
    [
        Process("TH-1", "Rake bogs down", Hours(1, 6), 3,
            Offset("rake_torque", 46), Offset("uf_density", 0.17), Offset("bed_pressure", 9)),
        Process("TH-2", "Flocculant fails or the water is too cold", Hours(1, 3), 6,
            Gain("of_turbidity", 4.5), Offset("bed_level", 1)).When(Below(5)),

        Process("TD-1", "Pore pressure rises", Days(3, 14), 1, Offset("piezo_pressure", 30)),
        Process("TD-2", "Water pipes through the dam", Hours(10, 24), 0.02,
            Gain("seepage_flow", 1.5), Offset("seepage_turbidity", 60)),
        Sensor("TD-3", "Cable of the piezometer cut", Instant(), 0.2,
            Pinned("vw_frequency", -0.129), DropOut("piezo_temp", 1).AtOnce(), Pinned("piezo_pressure", -0.05))
            .Lasting(48),

        Sensor("WT-1", "Frost on the level sensor", Hours(1, 4), 10,
            Noise("tank_level", 0.1), Pinned("tank_level", 0.99).After(0.6)).When(Below(-15)),
        Process("WT-2", "Bore draws down", Weeks(3, 6), 1, Offset("bore_level", 2)),

        Process("GS-1", "Set fails to start", Instant(20), 6,
            Toward("battery_voltage", 17), Toward("active_power", 0), Toward("frequency", 0), Toward("voltage", 0),
            Offset("coolant_temp", -60)).When(Below(-20)),
        Process("GS-2", "Coolant leaks", Hours(6, 24), 0.7, Offset("coolant_temp", 13)),
        Process("GS-3", "Set runs too light (wet stacking)", Weeks(2, 3), 1,
            Gain("active_power", -0.8), Toward("exhaust_temp", 235), Gain("fuel_rate", -0.7)),

        Process("EL-1", "Voltage sags", Instant(1), 60)
            .NotSeen("it lasts less than a second, shorter than any sampling period"),
        Process("EL-2", "Supply restricted", Instant(2), 10,
            Toward("outage_flag", 0).AtOnce(), Toward("voltage_l1", 0).AtOnce(), Toward("active_power", 0).AtOnce())
            .When(Below(5)).Lasting(2),
        Process("EL-3", "Transformer cools badly", Days(1, 5), 0.2, Offset("transformer_oil_temp", 15)),

        Process("BO-1", "Boiler goes out", Hours(2, 8), 4,
            Offset("supply_temp", -42), Offset("return_temp", -30), Offset("plant_indoor_temp", -11),
            Offset("flue_temp", -130)).When(Below(0)),
        Process("BO-2", "Heat trace fails", Instant(), 6, Toward("heat_trace_current", 0).AtOnce()).When(Below(5)),

        Process("AC-1", "Compressor overheats", Hours(1, 3), 4, Offset("delivery_temp", 26)).When(Above(5)),
        Process("AC-2", "Air dryer fails", Hours(2, 8), 3, Offset("dewpoint", 25)).When(Below(10)),
    ];
}
