namespace Telemetry.Ingestion;

/// <summary>Judges signal strength by the names of fields; what has no such name is not judged.</summary>
internal static class RadioCheck
{
    // Values at or above the first are good, at or above the second fair. Their sources are in docs/commissioning.md.
    private static readonly (string Name, double Good, double Fair, string Unit)[] Scales =
    [
        ("rsrp", -100, -115, "dBm"),
        ("rsrq", -15, -19, "dB"),
        ("rssi", -85, -110, "dBm"),
        ("snr", -5, -15, "dB"),
        ("csq", 10, 5, ""),
        ("signalquality", 50, 25, "%"),
        ("signalstrength", 50, 25, "%"),
    ];

    private const double CsqUnknown = 99; // 3GPP TS 27.007 §8.5

    /// <summary>True for the name of a field that tells signal strength.</summary>
    public static bool IsRadio(string field) => NameOf(field) is not null;

    public static IEnumerable<CheckFinding> Judge(CommissioningFacts facts)
    {
        CheckFinding[] found = [.. facts.Radio.Select(Judge).OfType<CheckFinding>()];
        return found.Length > 0
            ? CommissioningCheck.Shown(found)
            : [new CheckFinding(CheckKind.Radio, CheckState.Unknown, "radio-none")];
    }

    private static CheckFinding? Judge(RadioFacts radio)
    {
        string name = NameOf(radio.Name) ?? "";
        if (name == "csq" && radio.Value == CsqUnknown)
        {
            return null;
        }

        // Strength below zero is in dBm, and RSSI above it in no unit anyone can name.
        name = name == "signalstrength" && radio.Value < 0 ? "rssi" : name;
        if (!double.IsFinite(radio.Value) || (name is "rssi" or "rsrp" && radio.Value >= 0))
        {
            return null;
        }

        (_, double good, double fair, string unit) = Scales.First(scale => scale.Name == name);
        string value = $"{CommissioningCheck.NumberOf(radio.Value)} {unit}".TrimEnd();
        string least = $"{CommissioningCheck.NumberOf(good)} {unit}".TrimEnd();
        (CheckState state, string key) = radio.Value >= good
            ? (CheckState.Green, "radio-good")
            : radio.Value >= fair ? (CheckState.Yellow, "radio-fair") : (CheckState.Red, "radio-weak");
        return new CheckFinding(CheckKind.Radio, state, key, radio.Name, value, least);
    }

    private static string? NameOf(string field)
    {
        string letters = string.Concat(field.Where(char.IsLetter)).ToLowerInvariant();
        foreach ((string name, _, _, _) in Scales)
        {
            if (letters.EndsWith(name, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }
}
