using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>How full the catalogue of names is, and who fills it, as numbers.</summary>
internal static class CatalogueMetrics
{
    /// <summary>The numbers now.</summary>
    public static IEnumerable<Metric> Of(CatalogueGuard guard)
    {
        yield return new(
            "telemetry_ingestion_names_used_ratio", "Share of the ceiling on names that is used.", guard.Share);
        if (guard.Report is { Culprit: CatalogueCulprit culprit, Gateway: var gateway })
        {
            string measurement = Escaped(culprit.Measurement);
            yield return new(
                "telemetry_ingestion_names_culprit_fields",
                "Fields of the measurement that has most of the names.",
                culprit.Fields,
                $"measurement=\"{measurement}\",tag=\"{Escaped(culprit.TagKey)}\",gateway=\"{Escaped(gateway)}\"");
        }
    }

    /// <summary>A name that someone made up as the value of a label.</summary>
    private static string Escaped(string name) =>
        CatalogueReport.Cut(name).Replace("\\", "\\\\").Replace("\"", "\\\"");
}
