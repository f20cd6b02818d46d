using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>How new firmware spells or scales a signal.</summary>
internal static class SignalUpdate
{
    /// <summary>Another spelling of a signal's key: <c>bearing_de_temp</c> as <c>bearingDeTemp</c>, <c>css</c> as
    /// <c>CSS</c>.</summary>
    public static string NameOf(string key)
    {
        string[] words = key.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2
            ? key.ToUpperInvariant()
            : words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    /// <summary>Another unit of the same quantity; where there is none, registers in tenths of the old unit.</summary>
    public static (double Scale, double Offset, string Unit) UnitOf(SignalDefinition signal) => signal.Unit switch
    {
        "Cel" => (1.8, 32, "[degF]"),
        "bar" => (100, 0, "kPa"),
        "kPa" => (0.01, 0, "bar"),
        "A" => (1_000, 0, "mA"),
        "V" => (1_000, 0, "mV"),
        "kW" => (1_000, 0, "W"),
        "m" => (1_000, 0, "mm"),
        _ => (10, 0, ""),
    };
}
