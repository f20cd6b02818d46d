using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Store.InfluxQl;

namespace Telemetry.Api;

/// <summary>The door of this room: guards and maps everything that is answered over HTTP.</summary>
public static class TelemetryApi
{
    /// <summary>Adds the guard in front of what is mapped later.</summary>
    public static void UseTokenGuard(this IApplicationBuilder application, AccessOptions access) =>
        application.UseMiddleware<TokenGuard>(access);

    /// <summary>Maps all endpoints and the console.</summary>
    public static void MapTelemetry(
        this IEndpointRouteBuilder routes,
        IngestPipeline pipeline,
        InfluxQlEngine engine,
        DatabaseNames names,
        ApiLimits limits,
        IReadOnlyList<LimitView> limitViews,
        TimeProvider time)
    {
        new InfluxEndpoints(pipeline, engine, names, limits).Map(routes);
        new StatusEndpoints(pipeline, limitViews).Map(routes);
        new SiteEndpoints(pipeline, time).Map(routes);
        new QuarantineEndpoints(pipeline).Map(routes);
        new RedecodeEndpoints(pipeline, time).Map(routes);
        new WhyEndpoints(pipeline).Map(routes);
        new CheckEndpoints(pipeline, time).Map(routes);
        new AlarmEndpoints(pipeline, time).Map(routes);
        new FindingEndpoints(pipeline.Findings).Map(routes);
        new ProposalEndpoints(pipeline).Map(routes);
        new PointEndpoints(pipeline, time).Map(routes);
        new LedgerEndpoints(pipeline, time).Map(routes);
        new ExportEndpoints(pipeline).Map(routes);
        routes.MapConsole();
    }
}
