using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Writes answers as InfluxDB's <c>/query</c> does:
/// <c>{"results":[{"statement_id":0,"series":[{"name","tags","columns","values"}]}]}</c> and a line end; in chunks, one
/// such object a line.
/// </summary>
public static class JsonResultWriter
{
    /// <summary>The answer's media type.</summary>
    public const string ContentType = "application/json";

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Writes an answer.</summary>
    public static void Write(IBufferWriter<byte> output, QueryAnswer answer, ResultOptions options)
    {
        if (answer.Error is null && options.ChunkRows > 0)
        {
            foreach (StatementResult result in answer.Results)
            {
                WriteChunks(output, result, options);
            }

            return;
        }

        using (Utf8JsonWriter json = Open(output, options))
        {
            json.WriteStartObject();
            if (answer.Error is not null)
            {
                json.WriteString("error", answer.Error);
            }
            else if (answer.Results.Count > 0)
            {
                WriteResults(json, answer.Results, options);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static Utf8JsonWriter Open(IBufferWriter<byte> output, ResultOptions options) => new(
        output, new JsonWriterOptions { Indented = options.Pretty, IndentSize = 4, Encoder = Encoder });

    private static void WriteResults(
        Utf8JsonWriter json, IReadOnlyList<StatementResult> results, ResultOptions options)
    {
        json.WriteStartArray("results");
        foreach (StatementResult result in results)
        {
            WriteResult(json, result, options);
        }

        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, StatementResult result, ResultOptions options)
    {
        json.WriteStartObject();
        json.WriteNumber("statement_id", result.StatementId);
        if (result.Error is not null)
        {
            json.WriteString("error", result.Error);
        }
        else if (result.Series.Count > 0)
        {
            json.WriteStartArray("series");
            foreach (ResultSeries series in result.Series)
            {
                WriteSeries(json, series, 0, series.Rows.Count, options);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>One object per chunk of rows of one series; <c>partial</c> says that more of it follows.</summary>
    private static void WriteChunks(IBufferWriter<byte> output, StatementResult result, ResultOptions options)
    {
        if (result.Error is not null || result.Series.Count == 0)
        {
            WriteChunk(output, json => WriteResult(json, result, options), options);
            return;
        }

        for (int i = 0; i < result.Series.Count; i++)
        {
            ResultSeries series = result.Series[i];
            int start = 0;
            do
            {
                int chunkRows = series.HasTime ? options.ChunkRows : series.Rows.Count; // names come in one piece
                int end = Math.Min(start + chunkRows, series.Rows.Count);
                bool isLast = !series.HasTime || (i == result.Series.Count - 1 && end == series.Rows.Count);
                (int from, int to) = (start, end);
                WriteChunk(
                    output, json => WritePart(json, result.StatementId, series, from, to, isLast, options), options);
                start = end;
            }
            while (start < series.Rows.Count);
        }
    }

    private static void WriteChunk(
        IBufferWriter<byte> output, Action<Utf8JsonWriter> writeResult, ResultOptions options)
    {
        using (Utf8JsonWriter json = Open(output, options))
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            writeResult(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WritePart(
        Utf8JsonWriter json,
        int statementId,
        ResultSeries series,
        int start,
        int end,
        bool isLast,
        ResultOptions options)
    {
        json.WriteStartObject();
        json.WriteNumber("statement_id", statementId);
        json.WriteStartArray("series");
        WriteSeries(json, series, start, end, options);
        json.WriteEndArray();
        if (!isLast)
        {
            json.WriteBoolean("partial", true);
        }

        json.WriteEndObject();
    }

    private static void WriteSeries(Utf8JsonWriter json, ResultSeries series, int start, int end, ResultOptions options)
    {
        json.WriteStartObject();
        if (series.Name.Length > 0)
        {
            json.WriteString("name", series.Name);
        }

        WriteTags(json, series.Tags);
        json.WriteStartArray("columns");
        foreach (string column in series.Columns)
        {
            json.WriteStringValue(column);
        }

        json.WriteEndArray();
        if (series.Rows.Count > 0)
        {
            json.WriteStartArray("values");
            Span<byte> text = stackalloc byte[NumberRow.BytesMax];
            for (int i = start; i < end; i++)
            {
                WriteRow(json, series, series.Rows.CellsOf(i), options, text);
            }

            json.WriteEndArray();
        }

        if (end < series.Rows.Count)
        {
            json.WriteBoolean("partial", true);
        }

        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, IReadOnlyList<Tag>? tags)
    {
        if (tags is null || tags.Count == 0)
        {
            return;
        }

        json.WriteStartObject("tags");
        foreach (Tag tag in tags)
        {
            json.WriteString(tag.Key, tag.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteRow(
        Utf8JsonWriter json, ResultSeries series, ReadOnlySpan<Value> row, ResultOptions options, Span<byte> text)
    {
        TimePrecision? epoch = series.HasTime ? options.Epoch : null;
        if (!options.Pretty && epoch is { } precision && NumberRow.TryWrite(row, precision, text, out int length))
        {
            json.WriteRawValue(text[..length], skipInputValidation: true);
            return;
        }

        json.WriteStartArray();
        for (int i = 0; i < row.Length; i++)
        {
            if (i == 0 && series.HasTime)
            {
                WriteTime(json, row[0].Bits, options.Epoch, series.Zone);
            }
            else
            {
                WriteCell(json, row[i]);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, long time, TimePrecision? epoch, TimeZoneInfo? zone)
    {
        if (epoch is { } precision)
        {
            json.WriteNumberValue(time / Timestamp.NanosecondsPer(precision));
        }
        else
        {
            json.WriteStringValue(TimeText.Format(time, zone));
        }
    }

    private static void WriteFloat(Utf8JsonWriter json, double number)
    {
        if (FloatText.IsAsRuntime(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            Span<byte> text = stackalloc byte[FloatText.BytesMax];
            json.WriteRawValue(text[..FloatText.Write(number, text)], skipInputValidation: true);
        }
    }

    private static void WriteCell(Utf8JsonWriter json, in Value cell)
    {
        switch (cell.Kind)
        {
            case ValueKind.Float when double.IsFinite(cell.AsFloat):
                WriteFloat(json, cell.AsFloat);
                break;
            case ValueKind.Integer:
                json.WriteNumberValue(cell.Bits);
                break;
            case ValueKind.Unsigned:
                json.WriteNumberValue(unchecked((ulong)cell.Bits));
                break;
            case ValueKind.Boolean:
                json.WriteBooleanValue(cell.IsTrue);
                break;
            case ValueKind.Text:
                json.WriteStringValue(cell.Text);
                break;
            default:
                json.WriteNullValue(); // JSON has no NaN and no infinity
                break;
        }
    }
}
