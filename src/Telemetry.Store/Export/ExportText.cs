using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>Values and names as exports write them.</summary>
internal static class ExportText
{
    /// <summary>The shortest text that reads back as the same value; text as it is.</summary>
    public static string ValueOf(scoped in SampleBlock block, int index) => block.Type switch
    {
        FieldType.String => Encoding.UTF8.GetString(block.TextAt(index)),
        FieldType.Float =>
            BitConverter.Int64BitsToDouble(block.Bits[index]).ToString("R", CultureInfo.InvariantCulture),
        FieldType.Boolean => block.Bits[index] != 0 ? "true" : "false",
        FieldType.Unsigned => unchecked((ulong)block.Bits[index]).ToString(CultureInfo.InvariantCulture),
        _ => block.Bits[index].ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The unit a field is stored in, as a UCUM code; empty when it is not known.</summary>
    public static string UnitOf(Field field) => field.Signal?.Definition.Unit ?? "";

    /// <summary>Tags as <c>area=200,asset=CR-201</c>.</summary>
    public static string TagsOf(Series series) => string.Join(',', series.Tags.Select(tag => $"{tag.Key}={tag.Value}"));

    /// <summary>
    /// What a column is called: <c>CR-201.motor_current [A]</c> with an asset, all of the series without.
    /// </summary>
    public static string ColumnOf(Field field)
    {
        string asset = field.Series.TagOf("asset");
        string owner = asset.Length > 0
            ? asset
            : string.Join(',', new[] { field.Series.Measurement, TagsOf(field.Series) }.Where(part => part.Length > 0));
        string unit = UnitOf(field);
        return unit.Length > 0 ? $"{owner}.{field.Name} [{unit}]" : $"{owner}.{field.Name}";
    }
}
