namespace Telemetry.Ingestion;

/// <summary>How long the spool lasts, as numbers.</summary>
internal static class ForecastMetrics
{
    /// <summary>The numbers now; what is not known is left out.</summary>
    public static IEnumerable<Metric> Of(SpoolForecast forecast)
    {
        SpoolOutlook outlook = forecast.Now();
        if (outlook.BytesPerSecond is { } rate)
        {
            yield return new("telemetry_spool_intake_bytes_per_second", "Bytes committed, over the last hour.", rate);
        }

        foreach (HolderForecast holder in outlook.Holders)
        {
            string label = $"holder=\"{holder.Name}\"";
            yield return new(
                "telemetry_spool_room_bytes", "Bytes that can still come for a holder.", holder.RoomBytes, label);
            if (holder.HoursLeft is { } hours)
            {
                yield return new("telemetry_spool_left_hours", "How long that room lasts.", hours, label);
            }
        }
    }
}
