using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>Batches as lines of text, so that tests compare what people can read.</summary>
internal static class BatchText
{
    public static string[] Of(PointBatch batch, SeriesCatalogue catalogue)
    {
        var lines = new List<string>();
        foreach (PointEntry point in batch.Points)
        {
            var fields = new List<string>();
            foreach (SampleEntry sample in batch.SamplesOf(point))
            {
                fields.Add($"{catalogue.FieldAt(sample.FieldId).Name}={ValueOf(batch, sample)}");
            }

            string series = SmallMine.Text(catalogue.SeriesAt(point.SeriesId).Key.Span);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{series} {string.Join(',', fields)} {point.Time}"));
        }

        return [.. lines];
    }

    private static string ValueOf(PointBatch batch, in SampleEntry sample) => sample.Type switch
    {
        FieldType.Float => BitConverter.Int64BitsToDouble(sample.Bits).ToString(CultureInfo.InvariantCulture),
        FieldType.Integer => sample.Bits.ToString(CultureInfo.InvariantCulture) + "i",
        FieldType.Unsigned => ((ulong)sample.Bits).ToString(CultureInfo.InvariantCulture) + "u",
        FieldType.Boolean => sample.Bits != 0 ? "t" : "f",
        _ => $"\"{SmallMine.Text(batch.TextOf(sample))}\"",
    };
}
