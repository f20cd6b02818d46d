using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Store.InfluxQl;

namespace Telemetry.Api;

/// <summary>
/// What InfluxDB's clients speak: <c>/ping</c>, <c>/query</c> (InfluxQL), <c>/write</c> and <c>/api/v2/write</c>.
/// </summary>
internal sealed class InfluxEndpoints(
    IngestPipeline pipeline, InfluxQlEngine engine, DatabaseNames names, ApiLimits limits)
{
    private const string VersionHeader = "X-Influxdb-Version";
    private const string Version = "1.8.10-telemetry"; // the dialect spoken; clients choose their requests by it
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(5);
    private readonly RemoteQuery _remote = new(pipeline, names, limits.RemoteQueryDuration);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/ping", ["GET", "HEAD"], Ping);
        routes.MapMethods("/query", ["GET", "POST"], QueryAsync);
        routes.MapPost("/write", context => WriteAsync(context, "db", PrecisionOfV1));
        routes.MapPost("/api/v2/write", context => WriteAsync(context, "bucket", PrecisionOfV2));
    }

    private static IResult Ping(HttpContext context)
    {
        context.Response.Headers[VersionHeader] = Version;
        return Results.NoContent();
    }

    private async Task QueryAsync(HttpContext context)
    {
        context.Response.Headers[VersionHeader] = Version;
        IFormCollection? form;
        try
        {
            form = context.Request.HasFormContentType
                ? await context.Request.ReadFormAsync(context.RequestAborted)
                : null;
        }
        catch (Exception cause) when (cause is InvalidDataException or BadHttpRequestException)
        {
            int status = (cause as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            string error = $"cannot read form: {cause.Message}; send q=… as a form or in the address";
            await RefuseAsync(context, status, error);
            return;
        }

        string Parameter(string name) =>
            context.Request.Query.TryGetValue(name, out StringValues value)
                ? value.ToString()
                : form?[name].ToString() ?? "";

        string text = Parameter("q");
        if (text.Length == 0)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "missing required parameter \"q\"");
            return;
        }

        if (Parameter("source") == RemoteQuery.Source)
        {
            await _remote.AnswerAsync(context, Parameter, (status, error) => RefuseAsync(context, status, error));
            return;
        }

        await CatchUpAsync(context.RequestAborted);
        var request = new QueryRequest(
            Parameter("db"), Parameter("rp"), pipeline.Clock.Now(), Parameter("params"));
        QueryAnswer answer = engine.Execute(text, request, context.RequestAborted);
        var options = new ResultOptions
        {
            Epoch = ResultOptions.EpochOf(Parameter("epoch")),
            Pretty = Parameter("pretty") == "true",
            ChunkRows = ChunkRowsOf(Parameter("chunked"), Parameter("chunk_size")),
        };
        await SendAsync(context, answer, options);
    }

    private static async Task SendAsync(HttpContext context, QueryAnswer answer, ResultOptions options)
    {
        bool wantsCsv = context.Request.Headers.Accept.ToString() is "application/csv" or "text/csv";
        var body = new ArrayBufferWriter<byte>();
        if (wantsCsv)
        {
            CsvResultWriter.Write(body, answer, options);
        }
        else
        {
            JsonResultWriter.Write(body, answer, options);
        }

        context.Response.StatusCode = answer.Error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        context.Response.ContentType = wantsCsv ? CsvResultWriter.ContentType : JsonResultWriter.ContentType;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static int ChunkRowsOf(string chunked, string size)
    {
        if (chunked != "true")
        {
            return 0;
        }

        bool isNumber = int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int rows) && rows > 0;
        return isNumber ? rows : ResultOptions.ChunkRowsDefault;
    }

    /// <summary>
    /// What was acknowledged before the question is in the answer; a store far behind answers with what it has.
    /// </summary>
    private async Task CatchUpAsync(CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(CatchUpPatience);
        try
        {
            await pipeline.CatchUpAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // A backlog is being worked off; /health and the console show how far behind the store is.
        }
    }

    private async Task WriteAsync(
        HttpContext context, string databaseParameter, Func<string, TimePrecision?> precisionOf)
    {
        context.Response.Headers[VersionHeader] = Version;
        string database = context.Request.Query[databaseParameter].ToString();
        TimePrecision? precision = precisionOf(context.Request.Query["precision"].ToString());
        string? fault = database.Length == 0 ? $"{databaseParameter} is required"
            : precision is null ? $"invalid precision {context.Request.Query["precision"]}"
            : null;
        if (fault is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        if (!names.Contains(database))
        {
            string known = string.Join(", ", names.All);
            await RefuseAsync(
                context,
                StatusCodes.Status404NotFound,
                $"database not found: \"{database}\" (databases here: {known})");
            return;
        }

        RequestBody body = await RequestBody.ReadAsync(
            context.Request.Body,
            context.Request.Headers.ContentEncoding.ToString(),
            limits.WriteBytesMax,
            context.RequestAborted);
        if (!body.IsWhole)
        {
            await RefuseAsync(context, body.Status, body.Error);
            return;
        }

        string client = $"http:{context.Connection.RemoteIpAddress}";
        HttpWriteOutcome outcome = await pipeline.HttpIntake.WriteAsync(
            client, body.Bytes, precision!.Value, context.RequestAborted);
        await AnswerAsync(context, outcome);
    }

    private static async Task AnswerAsync(HttpContext context, HttpWriteOutcome outcome)
    {
        switch (outcome.Verdict)
        {
            case HttpWriteVerdict.Accepted:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case HttpWriteVerdict.PartlyRefused:
                await RefuseAsync(context, StatusCodes.Status400BadRequest, outcome.Error);
                break;
            default:
                context.Response.Headers.RetryAfter = "5";
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, outcome.Error);
                break;
        }
    }

    private static TimePrecision? PrecisionOfV1(string text) => text switch
    {
        "" or "n" or "ns" => TimePrecision.Nanoseconds,
        "u" or "us" or "µ" => TimePrecision.Microseconds,
        "ms" => TimePrecision.Milliseconds,
        "s" => TimePrecision.Seconds,
        "m" => TimePrecision.Minutes,
        "h" => TimePrecision.Hours,
        _ => null,
    };

    private static TimePrecision? PrecisionOfV2(string text) => text switch
    {
        "" or "ns" => TimePrecision.Nanoseconds,
        "us" => TimePrecision.Microseconds,
        "ms" => TimePrecision.Milliseconds,
        "s" => TimePrecision.Seconds,
        _ => null,
    };

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Influxdb-Error"] = error.Split('\n')[0];
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(error));
    }
}
