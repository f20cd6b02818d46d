using System.Buffers;
using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Writes answers as InfluxDB does for <c>Accept: application/csv</c>: a header <c>name,tags,…</c> where the columns
/// change, then the rows, with an empty line between results.
/// </summary>
public static class CsvResultWriter
{
    /// <summary>The answer's media type.</summary>
    public const string ContentType = "text/csv";

    /// <summary>Writes an answer; an error is a column of its own.</summary>
    public static void Write(IBufferWriter<byte> output, QueryAnswer answer, ResultOptions options)
    {
        if (answer.Error is not null)
        {
            WriteText(output, $"error\n{Quoted(answer.Error)}\n");
            return;
        }

        bool isFirst = true;
        foreach (StatementResult result in answer.Results)
        {
            if (result.Error is not null)
            {
                WriteText(output, $"{(isFirst ? "" : "\n")}error\n{Quoted(result.Error)}\n");
                isFirst = false;
                continue;
            }

            WriteResult(output, result, options, ref isFirst);
        }
    }

    private static void WriteResult(
        IBufferWriter<byte> output, StatementResult result, ResultOptions options, ref bool isFirst)
    {
        IReadOnlyList<string>? columns = null;
        foreach (ResultSeries series in result.Series)
        {
            if (columns is null || !columns.SequenceEqual(series.Columns))
            {
                columns = series.Columns;
                string header = string.Join(',', columns.Select(Quoted));
                WriteText(output, $"{(isFirst ? "" : "\n")}name,tags,{header}\n");
                isFirst = false;
            }

            string prefix = $"{Quoted(series.Name)},{Quoted(TagsOf(series))}";
            for (int i = 0; i < series.Rows.Count; i++)
            {
                WriteRow(output, prefix, series.Rows.CellsOf(i), series.HasTime, options);
            }
        }
    }

    /// <summary>The group's tags as they stand in a series key: with escapes, and without empty ones.</summary>
    private static string TagsOf(ResultSeries series) =>
        Encoding.UTF8.GetString(SeriesKey.Render("", series.Tags ?? [])).TrimStart(',');

    private static void WriteRow(
        IBufferWriter<byte> output, string prefix, ReadOnlySpan<Value> row, bool hasTime, ResultOptions options)
    {
        var line = new StringBuilder(prefix);
        for (int i = 0; i < row.Length; i++)
        {
            line.Append(',');
            line.Append(i == 0 && hasTime ? TimeOf(row[0].Bits, options.Epoch) : TextOf(row[i]));
        }

        line.Append('\n');
        WriteText(output, line.ToString());
    }

    /// <summary>In CSV a time without the epoch parameter is in nanoseconds.</summary>
    private static string TimeOf(long time, TimePrecision? epoch) =>
        (time / Timestamp.NanosecondsPer(epoch ?? TimePrecision.Nanoseconds)).ToString(CultureInfo.InvariantCulture);

    private static string TextOf(in Value cell) => cell.Kind switch
    {
        ValueKind.Float when double.IsFinite(cell.AsFloat) => FloatText.PlainOf(cell.AsFloat),
        ValueKind.Boolean => cell.IsTrue ? "true" : "false",
        ValueKind.Text => Quoted(cell.Text!),
        ValueKind.Integer => cell.Bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.Unsigned => unchecked((ulong)cell.Bits).ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>Quotes a cell that needs it (RFC 4180), and one that begins with a blank.</summary>
    private static string Quoted(string text)
    {
        bool needsQuotes = text.Length > 0
            && (text.AsSpan().IndexOfAny(",\"\r\n") >= 0 || char.IsWhiteSpace(text[0]));
        return needsQuotes ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static void WriteText(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
