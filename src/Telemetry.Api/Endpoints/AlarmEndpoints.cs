using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Alarms;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Store.Export;

namespace Telemetry.Api;

/// <summary>An operator's acknowledgement.</summary>
/// <param name="Id">The alarm's name.</param>
/// <param name="Operator">Who acknowledges.</param>
/// <param name="Comment">Why, in the operator's words; may be empty.</param>
public sealed record AcknowledgeRequest(string? Id, string? Operator, string? Comment);

/// <summary>The alarm list, the feed, and the operator's commands.</summary>
internal sealed class AlarmEndpoints(IngestPipeline pipeline, TimeProvider time)
{
    private const string Wanted =
        "send {\"id\": \"CR-201.bearing_de_temp/HH\", \"operator\": \"your name\", \"comment\": \"what was found\"}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/alarms/history", History);
        routes.MapGet("/alarms", () => Results.Json(pipeline.AlarmFeed.Standing(), AlarmMessage.JsonOptions));
        routes.MapPost("/alarms/acknowledge", ReadAcknowledgementAsync);
        routes.MapGet("/alarms/feed", FeedAsync);
    }

    private async Task<IResult> ReadAcknowledgementAsync(HttpContext context, CancellationToken aborted)
    {
        (AcknowledgeRequest? request, IResult? refusal) = await JsonBody.ReadAsync<AcknowledgeRequest>(
            context, "cannot read acknowledgement", Wanted, aborted);
        if (refusal is not null)
        {
            return refusal;
        }

        return request is { Id.Length: > 0 }
            ? await AcknowledgeAsync(request, aborted)
            : ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest, $"cannot acknowledge: the alarm's name is missing; {Wanted}");
    }

    private async Task<IResult> AcknowledgeAsync(AcknowledgeRequest request, CancellationToken aborted)
    {
        DecisionOutcome outcome = await pipeline.Desk.AcknowledgeAsync(
            request.Id!, request.Operator ?? "", request.Comment ?? "", aborted);
        return outcome switch
        {
            DecisionOutcome.Moves => Results.NoContent(),
            DecisionOutcome.UnknownAlarm => ErrorAnswer.Refusal(
                StatusCodes.Status404NotFound, $"there is no alarm '{request.Id}'"),
            DecisionOutcome.NotUnacknowledged => ErrorAnswer.Refusal(
                StatusCodes.Status409Conflict, $"alarm '{request.Id}' is not waiting for an acknowledgement"),
            DecisionOutcome.NameMissing => ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest, "the operator's name is missing; send {\"operator\": \"…\"}"),
            DecisionOutcome.TextTooLong => ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest, $"name and comment may have {AlarmBoard.TextBytesMax} bytes each"),
            _ => ErrorAnswer.Refusal(StatusCodes.Status409Conflict, $"cannot acknowledge '{request.Id}': {outcome}"),
        };
    }

    /// <summary><c>from</c> and <c>to</c>; <c>signals=CR-201.motor_current,…</c>, all without it.</summary>
    private IResult History(string? from, string? to, string? signals)
    {
        if (!ExportTime.TryParse(from ?? "", zone: null, out long first)
            || !ExportTime.TryParse(to ?? "", zone: null, out long last)
            || first >= last)
        {
            return ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest,
                "expected from and to such as 2026-01-31T00:00:00Z or 2026-01-31, from before to");
        }

        HashSet<string> wanted = [.. (signals ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        AlarmEpisodes found = pipeline.AlarmHistory.Find(
            wanted, first / Timestamp.NanosecondsPerMillisecond, last / Timestamp.NanosecondsPerMillisecond);
        return Results.Json(found, AlarmMessage.JsonOptions);
    }

    /// <summary>
    /// Server-sent events: <c>board</c> with all standing alarms, then <c>alarm</c> for each transition. A watcher that
    /// does not keep up is closed; its browser comes back and is given the board again.
    /// </summary>
    private async Task FeedAsync(HttpContext context)
    {
        await using var events = new ServerSentEvents(context, time);
        (IReadOnlyList<AlarmMessage> board, var changes) = pipeline.AlarmFeed.Watch();
        try
        {
            await events.SendAsync("board", board, AlarmMessage.JsonOptions);
            while (await events.WaitAsync(changes))
            {
                while (changes.TryRead(out AlarmMessage? alarm))
                {
                    await events.SendAsync("alarm", alarm, AlarmMessage.JsonOptions);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The watcher went away, or the service stops.
        }
        finally
        {
            pipeline.AlarmFeed.Leave(changes);
        }
    }
}
