using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Store.Export;

namespace Telemetry.Api;

/// <summary>
/// Stored samples as a file, with units, qualities and arrival: streamed, so that there is no ceiling on rows, and at
/// the reader's pace.
/// </summary>
internal sealed class ExportEndpoints(IngestPipeline pipeline)
{
    /// <summary>Fields of one export; a table of more columns opens in no spreadsheet.</summary>
    public const int FieldsMax = 10_000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/export", ExportAsync);

    /// <summary>
    /// <c>from</c> and <c>to</c>; <c>signals=CR-201.motor_current,…</c> or any of <c>measurement</c>, <c>asset</c> and
    /// <c>field</c>; <c>format=csv|jsonl|lp</c>, <c>shape=long|wide</c>, <c>zone=Asia/Ulaanbaatar</c>,
    /// <c>header=false</c>.
    /// </summary>
    private async Task ExportAsync(HttpContext context)
    {
        if (!TryRead(context.Request.Query, out ExportRequest? request, out string fault))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new ErrorAnswer(fault), context.RequestAborted);
            return;
        }

        await pipeline.CatchUpAsync(context.RequestAborted);
        context.Response.ContentType = request!.Format switch
        {
            ExportFormat.Csv => "text/csv; charset=utf-8",
            ExportFormat.JsonLines => "application/x-ndjson",
            _ => "text/plain; charset=utf-8",
        };
        var export = new SampleExport(pipeline.Store, request);
        export.WriteHeader(context.Response.BodyWriter);
        while (export.WriteNext(context.Response.BodyWriter))
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private bool TryRead(IQueryCollection query, out ExportRequest? request, out string fault)
    {
        request = null;
        TimeZoneInfo? zone = null;
        string zoneName = query["zone"].ToString();
        if (zoneName.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out zone))
        {
            fault = $"there is no time zone '{zoneName}'; send one such as Asia/Ulaanbaatar";
            return false;
        }

        if (!ExportTime.TryParse(query["from"].ToString(), zone, out long from)
            || !ExportTime.TryParse(query["to"].ToString(), zone, out long to)
            || from >= to)
        {
            fault = "expected from and to such as 2026-01-31T00:00:00Z or 2026-01-31, from before to; a time without "
                + "an offset is local in zone, UTC without one";
            return false;
        }

        ExportFormat? format = FormatOf(query["format"].ToString());
        bool? isWide = ShapeOf(query["shape"].ToString());
        if (format is null || isWide is null || (isWide.Value && format == ExportFormat.LineProtocol))
        {
            fault = "expected format csv, jsonl or lp, and shape long or wide; line protocol has no wide form";
            return false;
        }

        List<Field> fields = FieldsOf(query, out fault);
        request = new ExportRequest(
            fields, from, to, format.Value, isWide.Value, zone, query["header"].ToString() != "false");
        return fields.Count > 0;
    }

    private List<Field> FieldsOf(IQueryCollection query, out string fault)
    {
        fault = "";
        string[] signals = query["signals"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        List<Field> chosen = [];
        if (signals.Length == 0)
        {
            chosen.AddRange(AllFields().Where(field => Passes(field, query)));
        }

        ILookup<string, Field>? bySignal = signals.Length > 0 ? AllFields().ToLookup(SignalOf) : null;
        foreach (string signal in signals)
        {
            if (!bySignal!.Contains(signal))
            {
                fault = $"there is no signal '{signal}'; signals are asset.field, such as CR-201.motor_current";
                return [];
            }

            chosen.AddRange(bySignal[signal]);
        }

        fault = chosen.Count == 0 ? "nothing is stored of such signals, measurement, asset or field"
            : chosen.Count > FieldsMax ? $"these are {chosen.Count} fields of at most {FieldsMax}; name fewer"
            : "";
        return fault.Length > 0 ? [] : chosen;
    }

    private IEnumerable<Field> AllFields()
    {
        SeriesCatalogue catalogue = pipeline.Catalogue;
        return Enumerable.Range(0, catalogue.FieldCount).Select(catalogue.FieldAt)
            .OrderBy(SignalOf, StringComparer.Ordinal);
    }

    private static string SignalOf(Field field) => $"{field.Series.TagOf("asset")}.{field.Name}";

    private static bool Passes(Field field, IQueryCollection query) =>
        IsAny(query["measurement"].ToString(), field.Series.Measurement)
        && IsAny(query["asset"].ToString(), field.Series.TagOf("asset"))
        && IsAny(query["field"].ToString(), field.Name);

    private static bool IsAny(string wanted, string found) => wanted.Length == 0 || wanted == found;

    private static ExportFormat? FormatOf(string text) => text switch
    {
        "" or "csv" => ExportFormat.Csv,
        "jsonl" => ExportFormat.JsonLines,
        "lp" => ExportFormat.LineProtocol,
        _ => null,
    };

    private static bool? ShapeOf(string text) => text switch
    {
        "" or "long" => false,
        "wide" => true,
        _ => null,
    };
}
