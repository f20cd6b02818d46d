using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Alarms;
using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>An operator's verdict on an anomaly, or the wish to revoke one.</summary>
/// <param name="Finding">Number of the finding; or</param>
/// <param name="Alarm">name of the alarm that it is.</param>
/// <param name="Verdict">true, false or expected; as a text, or as JSON has the first two.</param>
/// <param name="Operator">Who says it.</param>
/// <param name="Comment">Why, in the operator's words; may be empty.</param>
/// <param name="Days">For how long, of what is expected; 0 for the default.</param>
public sealed record JudgeRequest(
    long Finding, string? Alarm, JsonElement Verdict, string? Operator, string? Comment, int Days);

/// <summary>The history of anomalies, and what operators say of them.</summary>
internal sealed class FindingEndpoints(FindingDesk desk)
{
    private const int ListedMax = 1_000;
    private const int ListedDefault = 100;
    private const string Wanted =
        "send {\"finding\": 17, \"verdict\": \"true\", \"false\" or \"expected\", \"operator\": \"your name\"}";

    private const string RevokeWanted = "send {\"operator\": \"your name\", \"comment\": \"why\"}";
    private static readonly string Suffix = AlarmIdentity.Of("", ConditionKind.Anomaly);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/notices", ListNotices);
        routes.MapGet("/api/findings", ListFindings);
        routes.MapGet("/api/verdicts", List);
        routes.MapPost("/api/verdicts", JudgeAsync);
        routes.MapPost("/api/verdicts/{number:long}/revoke", RevokeAsync);
    }

    private IResult ListNotices(HttpContext context)
    {
        const int Max = IngestionLimits.NoticeCountMax;
        return QueryNumber.TryRead(context.Request.Query["limit"], 1, Max, Max, out long limit, out string error)
            ? Answer(desk.Latest("", FindingLevel.Notice, (int)limit).Select(FindingMessage.Of))
            : ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot list notices: {error}");
    }

    private IResult ListFindings(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        if (!QueryNumber.TryRead(query["limit"], 1, ListedMax, ListedDefault, out long limit, out string error))
        {
            return ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot list findings: {error}");
        }

        string word = query["level"].ToString();
        FindingLevel? level = Enum.TryParse(word, ignoreCase: true, out FindingLevel read) ? read : null;
        return word.Length > 0 && !Enum.IsDefined(read)
            ? ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest,
                $"cannot list findings: expected alarm, notice or held as level, found \"{word}\"")
            : Answer(desk.Latest(query["signal"].ToString(), level, (int)limit).Select(FindingMessage.Of));
    }

    private IResult List()
    {
        long now = desk.Now;
        return Answer(desk.Verdicts().Select(verdict => VerdictMessage.Of(verdict, desk.StepsOf(verdict.Signal), now)));
    }

    private async Task<IResult> JudgeAsync(HttpContext context, CancellationToken aborted)
    {
        (JudgeRequest? request, IResult? refusal) = await ReadAsync(context, "judge", Wanted, aborted);
        if (request is null)
        {
            return refusal!;
        }

        string alarm = request.Alarm ?? "";
        if (request.Finding <= 0 && !alarm.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, alarm.Length == 0
                ? $"cannot judge: neither the finding nor its alarm is named; {Wanted}"
                : $"cannot judge '{alarm}': only anomalies are judged, the limits of others are set in the site file; "
                    + "nothing has changed");
        }

        string word = WordOf(request.Verdict);
        if (!OperatorVerdictText.TryParse(word, out OperatorVerdict verdict))
        {
            return ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest,
                $"cannot judge: expected true, false or expected as verdict, found \"{word}\"; {Wanted}");
        }

        string signal = request.Finding > 0 ? "" : alarm[..^Suffix.Length];
        return AnswerOf(await desk.JudgeAsync(
            new VerdictRequest(
                request.Finding, signal, verdict, request.Operator ?? "", request.Comment ?? "", request.Days),
            aborted));
    }

    private async Task<IResult> RevokeAsync(long number, HttpContext context, CancellationToken aborted)
    {
        (JudgeRequest? request, IResult? refusal) = await ReadAsync(context, "revoke", RevokeWanted, aborted);
        return request is null
            ? refusal!
            : AnswerOf(await desk.RevokeAsync(number, request.Operator ?? "", request.Comment ?? "", aborted));
    }

    private IResult AnswerOf(VerdictAnswer answer) => answer.Verdict is { } verdict
        ? Answer(VerdictMessage.Of(verdict, desk.StepsOf(verdict.Signal), desk.Now))
        : ErrorAnswer.Refusal(
            answer.Outcome switch
            {
                VerdictOutcome.Invalid => StatusCodes.Status400BadRequest,
                VerdictOutcome.Unknown => StatusCodes.Status404NotFound,
                VerdictOutcome.NotKept => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status409Conflict,
            },
            answer.Error);

    private static async Task<(JudgeRequest? Request, IResult? Refusal)> ReadAsync(
        HttpContext context, string verb, string wanted, CancellationToken aborted)
    {
        (JudgeRequest? request, IResult? refusal) = await JsonBody.ReadAsync<JudgeRequest>(
            context, $"cannot {verb}", wanted, aborted);
        return request is not null || refusal is not null
            ? (request, refusal)
            : (null, ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest, $"cannot {verb}: the body is null; {wanted}"));
    }

    private static string WordOf(JsonElement verdict) => verdict.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.True => OperatorVerdictText.Of(OperatorVerdict.True),
        JsonValueKind.False => OperatorVerdictText.Of(OperatorVerdict.False),
        _ => verdict.ToString(),
    };

    private static IResult Answer<T>(T body) => Results.Json(body, AlarmMessage.JsonOptions);
}
