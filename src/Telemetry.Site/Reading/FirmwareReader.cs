using System.Globalization;

namespace Telemetry.Site.Reading;

/// <summary>Reads how the firmware of simulated gateways behaves.</summary>
internal static class FirmwareReader
{
    private static readonly string[] Updates = ["none", "rename", "unit"];

    public static readonly string[] Keys =
    [
        "gateways", "clock_drift", "time_sync", "resets", "clock_lost", "clock_begins", "buffer_lost", "outages",
        "outage_minutes", "buffer", "backfill_reordered", "reordered", "duplicates", "brown_outs", "update",
        "update_after",
    ];

    public static ScenarioFirmware Read(Section firmware)
    {
        var usual = new ScenarioFirmware();
        return new ScenarioFirmware
        {
            Gateways = [.. firmware.Items("gateways").Select(node => node.Text)],
            ClockDrift = firmware.Number("clock_drift", 0, 0, ScenarioFirmware.ClockDriftMax),
            TimeSyncHours = ReadTimeSync(firmware, usual.TimeSyncHours),
            Resets = PerDay(firmware, "resets"),
            ClockLost = Share(firmware, "clock_lost"),
            ClockBegins = ReadTime(firmware, "clock_begins") ?? usual.ClockBegins,
            BufferLost = Share(firmware, "buffer_lost"),
            Outages = PerDay(firmware, "outages"),
            OutageMinutes = firmware.Number(
                "outage_minutes", usual.OutageMinutes, ScenarioFirmware.OutageMinutesMin,
                ScenarioFirmware.OutageMinutesMax),
            BufferMessages = (int)firmware.Number(
                "buffer", usual.BufferMessages, 1, ScenarioFirmware.BufferMessagesMax),
            BackfillReordered = Share(firmware, "backfill_reordered"),
            Reordered = Share(firmware, "reordered"),
            Duplicates = Share(firmware, "duplicates"),
            BrownOuts = PerDay(firmware, "brown_outs"),
            Update = ReadUpdate(firmware),
            UpdateAfterHours = firmware.Number("update_after", usual.UpdateAfterHours, 0, ScenarioFirmware.HoursMax),
        };
    }

    private static double ReadTimeSync(Section firmware, double usual)
    {
        double hours = firmware.Number("time_sync", usual, 0, ScenarioFirmware.HoursMax);
        if (hours is > 0 and < ScenarioFirmware.TimeSyncHoursMin)
        {
            firmware.Report("time_sync", string.Create(
                CultureInfo.InvariantCulture,
                $"expected 0 or at least {ScenarioFirmware.TimeSyncHoursMin:0.0000} hours, found {hours}; write 0 for "
                + $"a clock that is never set"));
        }

        return hours;
    }

    private static double PerDay(Section firmware, string key) =>
        firmware.Number(key, 0, 0, ScenarioFirmware.PerDayMax);

    private static double Share(Section firmware, string key) => firmware.Number(key, 0, 0, 1);

    private static FirmwareUpdate ReadUpdate(Section firmware)
    {
        string text = firmware.Text("update", Updates[0]);
        int place = Array.IndexOf(Updates, text);
        if (place < 0)
        {
            firmware.Report("update", $"cannot use update \"{text}\": unknown; {Suggestion.For(text, Updates)}");
        }

        return (FirmwareUpdate)Math.Max(0, place);
    }

    /// <summary>A time in ISO 8601, UTC without an offset; null without one and when it cannot be read.</summary>
    public static DateTimeOffset? ReadTime(Section section, string key)
    {
        string text = section.Text(key);
        if (text.Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return time;
        }

        section.Report(key, $"expected a time, found \"{text}\"; write it as 2026-01-12T00:00:00Z");
        return null;
    }
}
