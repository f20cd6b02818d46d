using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;

namespace Telemetry.Api;

/// <summary>The commissioning check of a gateway.</summary>
internal sealed class CheckEndpoints(IngestPipeline pipeline, TimeProvider time)
{
    private readonly FactsCollector _collector = new(pipeline, time);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/gateways/{id}/check", CheckAsync);

    /// <summary><c>lang</c> is the language of the words. A gateway that nobody knows is red, not absent.</summary>
    private async Task<IResult> CheckAsync(string id, string? lang, CancellationToken cancellationToken)
    {
        string language = lang ?? CheckTexts.Languages[0];
        if (!CheckTexts.Languages.Contains(language))
        {
            return Refusal($"expected {string.Join(", ", CheckTexts.Languages)} as lang, found '{lang}'");
        }

        string gateway = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // kept by the routing
        if (gateway.Length > FactsCollector.NameCharactersMax)
        {
            return Refusal(
                $"expected a name of at most {FactsCollector.NameCharactersMax} characters, found {gateway.Length}");
        }

        CommissioningFacts facts = await _collector.CollectAsync(gateway, cancellationToken);
        return Results.Json(CommissioningReport.Of(facts, pipeline.Site.Site, language));
    }

    private static IResult Refusal(string cause) =>
        ErrorAnswer.Refusal(StatusCodes.Status400BadRequest, $"cannot check the gateway: {cause}");
}
