namespace Telemetry.Model;

/// <summary>The measurement that has most of a catalogue's names, and what makes them many.</summary>
/// <param name="Measurement">Its name.</param>
/// <param name="Fields">How many fields its series have.</param>
/// <param name="Series">How many series it has.</param>
/// <param name="FieldNames">How many names these fields have.</param>
/// <param name="Measurements">How many measurements there are.</param>
/// <param name="TagKey">The tag with the most values; empty when it has none.</param>
/// <param name="TagValues">How many values that tag has.</param>
public sealed record CatalogueCulprit(
    string Measurement, int Fields, int Series, int FieldNames, int Measurements, string TagKey, int TagValues)
{
    /// <summary>
    /// Finds it; goes through all names. Where their bytes are nearer to their ceiling than their count is, the
    /// measurement with the most bytes. Null of an empty catalogue.
    /// </summary>
    public static CatalogueCulprit? Of(SeriesCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        if (catalogue.FieldCount == 0)
        {
            return null;
        }

        (string measurement, int measurements) = GreatestOf(catalogue);
        var series = new HashSet<int>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        int fields = 0;
        foreach (Field field in FieldsOf(catalogue, measurement))
        {
            fields++;
            names.Add(field.Name);
            series.Add(field.Series.Id);
        }

        (string key, int values) = WidestTagOf([.. series.Select(catalogue.SeriesAt)]);
        return new CatalogueCulprit(measurement, fields, series.Count, names.Count, measurements, key, values);
    }

    /// <summary>The fields of a measurement; of all when it is null.</summary>
    public static IEnumerable<Field> FieldsOf(SeriesCatalogue catalogue, string? measurement)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        for (int id = 0; id < catalogue.FieldCount; id++)
        {
            if (catalogue.FieldAt(id) is var field && (measurement is null || field.Series.Measurement == measurement))
            {
                yield return field;
            }
        }
    }

    private static (string Measurement, int Count) GreatestOf(SeriesCatalogue catalogue)
    {
        bool byBytes = catalogue.NameBytes / (double)catalogue.NameBytesMax
            > catalogue.FieldCount / (double)catalogue.FieldCountMax;
        var weights = new Dictionary<string, long>(StringComparer.Ordinal);
        int fieldCount = catalogue.FieldCount; // read first: a field counted here has its series counted too
        for (int id = 0; byBytes && id < catalogue.SeriesCount; id++)
        {
            Series series = catalogue.SeriesAt(id);
            weights[series.Measurement] = weights.GetValueOrDefault(series.Measurement) + series.Key.Length;
        }

        for (int id = 0; id < fieldCount; id++)
        {
            Field field = catalogue.FieldAt(id);
            string measurement = field.Series.Measurement;
            weights[measurement] = weights.GetValueOrDefault(measurement) + (byBytes ? field.KeyBytes.Length : 1);
        }

        return (weights.MaxBy(weight => weight.Value).Key, weights.Count);
    }

    private static (string Key, int Values) WidestTagOf(IReadOnlyList<Series> series)
    {
        (string Key, int Values) widest = ("", 0);
        foreach (string key in series.SelectMany(one => one.Tags).Select(tag => tag.Key).Distinct())
        {
            int values = series.Select(one => one.TagOf(key)).Where(value => value.Length > 0).Distinct().Count();
            widest = values > widest.Values ? (key, values) : widest;
        }

        return widest;
    }
}
