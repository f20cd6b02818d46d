using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Store.Export;

namespace Telemetry.Api;

/// <summary>Which quarantined messages are to be decoded again.</summary>
/// <param name="Ids">Their numbers.</param>
/// <param name="All">True for all that are not resolved.</param>
/// <param name="Topic">A topic filter.</param>
/// <param name="Client">Client identifier or gateway.</param>
/// <param name="Reason">Name of the reason, as lists have it in <c>code</c>.</param>
/// <param name="State">waiting or failed.</param>
/// <param name="From">Arrived at or after, RFC 3339.</param>
/// <param name="To">Arrived before, RFC 3339.</param>
public sealed record RetryRequest(
    long[]? Ids, bool All, string? Topic, string? Client, string? Reason, string? State, string? From, string? To);

/// <summary>What could not be decoded: lists, one message, export, and the way back.</summary>
internal sealed class QuarantineEndpoints(IngestPipeline pipeline)
{
    private const int ListedDefault = 100;
    private const int ListedMax = 1_000;
    private const int IdsMax = 10_000; // numbers of one retry
    private const string Wanted =
        "send {\"ids\": [1234]}, {\"all\": true}, or any of topic, client, reason, state, from and to";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions Line = new(JsonSerializerDefaults.Web);

    private QuarantineReader Kept => pipeline.Quarantine.Reader;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/quarantine", List);
        routes.MapGet("/api/quarantine/groups", () => Kept.Groups());
        routes.MapGet("/api/quarantine/export", ExportAsync);
        routes.MapGet("/api/quarantine/{id:long}", Show);
        routes.MapGet("/api/quarantine/{id:long}/payload", Payload);
        routes.MapPost("/api/quarantine/retry", ReadRetryAsync);
    }

    private IResult List(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        if (!TryRead(query, out QuarantineFilter filter, out string error)
            || !QueryNumber.TryRead(query["limit"], 1, ListedMax, ListedDefault, out long limit, out error)
            || !QueryNumber.TryRead(query["before"], 0, long.MaxValue, long.MaxValue, out long before, out error))
        {
            return ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot list the quarantine: {error}");
        }

        return Results.Json(Kept.List(filter, before, (int)limit, context.RequestAborted));
    }

    private IResult Show(long id)
    {
        if (Kept.Find(id) is not { } kept)
        {
            return NoSuch(id);
        }

        return Results.Json(new
        {
            entry = kept.Entry,
            payloadText = TextOf(kept.Payload),
            payloadBase64 = Convert.ToBase64String(kept.Payload),
            excerpt = PayloadExcerpt.Of(kept.Payload, kept.Entry.FaultOffset),
        });
    }

    private IResult Payload(long id) => Kept.Find(id) is { } kept
        ? Results.Bytes(kept.Payload, "application/octet-stream")
        : NoSuch(id);

    /// <summary>JSON lines, oldest first, each written when it is read.</summary>
    private async Task ExportAsync(HttpContext context)
    {
        if (!TryRead(context.Request.Query, out QuarantineFilter filter, out string error))
        {
            string words = $"cannot export the quarantine: {error}";
            await ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, words).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        foreach (KeptPayload kept in Kept.Export(filter))
        {
            byte[] line = JsonSerializer.SerializeToUtf8Bytes(
                new { entry = kept.Entry, payloadBase64 = Convert.ToBase64String(kept.Payload) }, Line);
            await context.Response.Body.WriteAsync(line, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        }
    }

    private async Task<IResult> ReadRetryAsync(HttpContext context, CancellationToken aborted)
    {
        (RetryRequest? request, IResult? refusal) = await JsonBody.ReadAsync<RetryRequest>(
            context, "cannot read retry", Wanted, aborted);
        if (request is null)
        {
            return refusal ?? ErrorAnswer.Refusal(
                StatusCodes.Status415UnsupportedMediaType,
                $"cannot read retry: expected a JSON object with Content-Type application/json; {Wanted}");
        }

        return request.Ids is { Length: > 0 } ids
            ? AnswerOf(await RetryAsync(ids, aborted))
            : await RetryAsync(request, aborted);
    }

    private Task<RetryReport> RetryAsync(long[] ids, CancellationToken aborted) => ids.Length > IdsMax
        ? Task.FromResult(Nothing($"cannot retry: expected at most {IdsMax} numbers, found {ids.Length}"))
        : pipeline.Retry.RetryAsync(ids, aborted);

    private async Task<IResult> RetryAsync(RetryRequest request, CancellationToken aborted)
    {
        if (!TryRead(request, out QuarantineFilter filter, out string error))
        {
            return ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot retry: {error}; {Wanted}");
        }

        return filter == new QuarantineFilter() && !request.All
            ? ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot retry: nothing is chosen; {Wanted}")
            : AnswerOf(await pipeline.Retry.RetryAsync(filter, aborted));
    }

    /// <summary>
    /// 200 when something was done or nothing was there to do; 409 when all that was asked for is refused.
    /// </summary>
    private static IResult AnswerOf(RetryReport report)
    {
        if (report.Error.Length > 0)
        {
            return Results.Json(report, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        bool isRefused = report.Retried == 0 && report.Refusals.Count > 0;
        return isRefused
            ? Results.Json(
                report with { Error = report.Refusals[0] }, statusCode: StatusCodes.Status409Conflict)
            : Results.Json(report);
    }

    private static bool TryRead(IQueryCollection query, out QuarantineFilter filter, out string error) => TryRead(
        new RetryRequest(
            null, false, query["topic"], query["client"], query["reason"], query["state"], query["from"], query["to"]),
        out filter,
        out error);

    private static bool TryRead(RetryRequest request, out QuarantineFilter filter, out string error)
    {
        filter = new QuarantineFilter
        {
            Topic = request.Topic ?? "",
            Client = request.Client ?? "",
            Code = request.Reason ?? "",
        };
        long from = long.MinValue;
        long to = long.MaxValue;
        if (!TryReadTime(request.From, ref from, out error) || !TryReadTime(request.To, ref to, out error))
        {
            return false;
        }

        QuarantineState? state = null;
        if (!string.IsNullOrEmpty(request.State))
        {
            if (!Enum.TryParse(request.State, ignoreCase: true, out QuarantineState named) || !Enum.IsDefined(named))
            {
                error = $"expected waiting, retried, resolved or failed as state, found '{request.State}'";
                return false;
            }

            state = named;
        }

        filter = filter with { From = from, To = to, State = state };
        error = filter.IsValid ? "" : $"'{filter.Topic}' is no MQTT topic filter";
        return filter.IsValid;
    }

    private static bool TryReadTime(string? text, ref long nanoseconds, out string error)
    {
        error = "";
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!ExportTime.TryParse(text, zone: null, out nanoseconds))
        {
            error = $"expected a time such as 2026-01-31T08:00:00Z, found '{text}'";
            return false;
        }

        return true;
    }

    /// <summary>The payload as text; null when it is none.</summary>
    private static string? TextOf(byte[] payload)
    {
        try
        {
            return payload.Contains((byte)0) ? null : Strict.GetString(payload);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static RetryReport Nothing(string error) => new(0, 0, 0, 0, [], [], error);

    private static IResult NoSuch(long id) => ErrorAnswer.Refusal(
        StatusCodes.Status404NotFound, $"there is no message {id} in quarantine; /api/quarantine lists them");
}
