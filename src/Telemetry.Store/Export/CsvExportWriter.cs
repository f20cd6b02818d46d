using System.Buffers;
using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>Comma-separated values as RFC 4180 has them, in UTF-8, lines ended by a line feed.</summary>
internal sealed class CsvExportWriter(ExportTimes times) : IExportWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<Field>? columns)
    {
        string local = times.HasLocal ? ",time_local" : "";
        string names = columns is null
            ? "measurement,tags,field,value,unit,quality,arrival_time"
            : string.Join(',', columns.Select(field => Cell(ExportText.ColumnOf(field))));
        Write(output, $"time{local},{names}\n");
    }

    public void WriteSample(IBufferWriter<byte> output, Field field, scoped in SampleBlock block, int index)
    {
        long arrival = block.Arrivals[index] * Timestamp.NanosecondsPerMillisecond;
        Write(output, string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeOf(block.Times[index])},{Cell(field.Series.Measurement)},{Cell(ExportText.TagsOf(field.Series))},"
            + $"{Cell(field.Name)},{Cell(ExportText.ValueOf(block, index))},{Cell(ExportText.UnitOf(field))},"
            + $"{block.Qualities[index]},{ExportTimes.Utc(arrival)}\n"));
    }

    public void WriteRow(
        IBufferWriter<byte> output, long time, IReadOnlyList<Field> columns, ReadOnlySpan<string?> values)
    {
        var row = new StringBuilder(TimeOf(time));
        foreach (string? value in values)
        {
            row.Append(',').Append(value is null ? "" : Cell(value));
        }

        Write(output, row.Append('\n').ToString());
    }

    private string TimeOf(long time) =>
        times.HasLocal ? $"{ExportTimes.Utc(time)},{times.Local(time)}" : ExportTimes.Utc(time);

    private static string Cell(string text) => text.AsSpan().ContainsAny(Special)
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
