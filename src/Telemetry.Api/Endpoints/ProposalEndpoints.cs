using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;

namespace Telemetry.Api;

/// <summary>What could be made of topics without a format, and the engineer's yes to it.</summary>
internal sealed class ProposalEndpoints(IngestPipeline pipeline)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/proposals", pipeline.Proposals.All);
        routes.MapPost("/api/proposals/{id}/confirm", ConfirmAsync);
    }

    private async Task<IResult> ConfirmAsync(string id, string? name, CancellationToken aborted) =>
        await pipeline.Proposals.ConfirmAsync(id, name, aborted) switch
        {
            null => Results.Json(
                new ErrorAnswer($"there is no proposal '{id}'; /api/proposals has all"),
                statusCode: StatusCodes.Status404NotFound),
            { IsDone: false } answer => Results.Json(
                new ErrorAnswer(answer.Message), statusCode: StatusCodes.Status409Conflict),
            { } answer => Results.Ok(new { message = answer.Message }),
        };
}
