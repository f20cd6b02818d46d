using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Store.Export;

namespace Telemetry.Api;

/// <summary>Which messages are to be decoded anew.</summary>
/// <param name="From">Arrived at or after, RFC 3339.</param>
/// <param name="To">Arrived before, RFC 3339; null: until now.</param>
/// <param name="Gateway">Key or client identifier of a gateway; null: of all.</param>
/// <param name="DryRun">True to write nothing.</param>
/// <param name="Overwrite">True to write also over what came later than its message.</param>
/// <param name="Who">Who asks, for the audit log.</param>
public sealed record RedecodeBody(
    string? From, string? To, string? Gateway, bool DryRun, bool Overwrite, string? Who);

/// <summary>The way back for a mapping that was wrong and not failing.</summary>
internal sealed class RedecodeEndpoints(IngestPipeline pipeline, TimeProvider time)
{
    private const int WhoLengthMax = 200;
    private const string Wanted =
        "send {\"from\": \"2026-01-31T08:00:00Z\"} and any of to, gateway, dryRun, overwrite, who";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/redecode", ReadAsync);
        routes.MapGet("/api/redecode", () => Results.Json(new { running = pipeline.Redecoder.Progress }));
    }

    private async Task<IResult> ReadAsync(HttpContext context, CancellationToken aborted)
    {
        (RedecodeBody? body, IResult? refusal) = await JsonBody.ReadAsync<RedecodeBody>(
            context, "cannot redecode", Wanted, aborted);
        if (body is null)
        {
            return refusal ?? Refusal(
                StatusCodes.Status415UnsupportedMediaType,
                $"expected a JSON object with Content-Type application/json; {Wanted}");
        }

        if (!TryRead(body, context, out RedecodeRequest request, out string error))
        {
            return Refusal(StatusCodes.Status400BadRequest, error);
        }

        RedecodeReport report = await pipeline.Redecoder.RunAsync(request, aborted);
        int status = report.IsRefused ? StatusCodes.Status409Conflict
            : report.Error.Length > 0 ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK;
        return Results.Json(report, statusCode: status);
    }

    private bool TryRead(RedecodeBody body, HttpContext context, out RedecodeRequest request, out string error)
    {
        request = new RedecodeRequest { From = 0, To = 0 };
        long now = Timestamp.From(time.GetUtcNow());
        if (!TryReadTime(body.From, "from", null, out long from, out error)
            || !TryReadTime(body.To, "to", now, out long to, out error))
        {
            return false;
        }

        error = from < to ? "" : $"expected from before to, found {body.From} and {body.To ?? "now"}";
        string who = body.Who is { Length: > 0 } name ? name : "http";
        request = new RedecodeRequest
        {
            From = from,
            To = to,
            Gateway = body.Gateway ?? "",
            IsDryRun = body.DryRun,
            Overwrites = body.Overwrite,
            Who = $"{who[..Math.Min(who.Length, WhoLengthMax)]} from {context.Connection.RemoteIpAddress}",
        };
        return from < to;
    }

    private static bool TryReadTime(
        string? text, string name, long? otherwise, out long nanoseconds, out string error)
    {
        nanoseconds = otherwise ?? 0;
        error = "";
        if (string.IsNullOrEmpty(text) && otherwise is not null)
        {
            return true;
        }

        if (!ExportTime.TryParse(text ?? "", zone: null, out nanoseconds))
        {
            error = $"expected a time such as 2026-01-31T08:00:00Z as {name}, found '{text}'";
            return false;
        }

        return true;
    }

    private static IResult Refusal(int status, string error) =>
        ErrorAnswer.Refusal(status, $"cannot redecode: {error}");
}
