using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;

namespace Telemetry.Api;

/// <summary>What became of the last messages of a topic.</summary>
internal sealed class WhyEndpoints(IngestPipeline pipeline)
{
    private const int MessagesDefault = 20;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/why", Why);

    private IResult Why(HttpContext context)
    {
        string topic = context.Request.Query["topic"].ToString();
        if (!TopicExplainer.IsValid(topic))
        {
            return Refusal($"expected an MQTT topic or topic filter as topic, found '{topic}'");
        }

        string? limit = context.Request.Query["limit"];
        int count = MessagesDefault;
        bool isRead = string.IsNullOrEmpty(limit)
            || int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count);
        return isRead && count is >= 1 and <= TopicExplainer.MessagesMax
            ? Results.Json(pipeline.Explainer.Explain(topic, count, context.RequestAborted))
            : Refusal($"expected a number from 1 to {TopicExplainer.MessagesMax} as limit, found '{limit}'");
    }

    private static IResult Refusal(string cause) =>
        ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot explain: {cause}");
}
