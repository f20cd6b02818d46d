using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>The site in force, and the wish to read its files again.</summary>
internal sealed class SiteEndpoints(IngestPipeline pipeline, TimeProvider time)
{
    private readonly long _startedMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/site", Site);
        routes.MapPost("/api/site/reload", ReloadAsync);
    }

    private object Site() => new
    {
        site = pipeline.Site.Site,
        startedMilliseconds = _startedMilliseconds,
        inForce = InForce(pipeline.Sites.Status),
        refused = pipeline.Sites.Status.Refused is { } refused
            ? new { timeMilliseconds = refused.Milliseconds, faults = refused.FaultLines }
            : null,
        gateways = pipeline.Site.Gateways.Select(gateway => new
        {
            id = gateway.Id,
            name = LanguageText.Of(gateway.Name),
            expected = IsExpected(gateway),
        }),
        signals = pipeline.Site.Signals.Select(signal => new
        {
            id = signal.Id,
            measurement = signal.Asset.Type.Key,
            asset = signal.Asset.Id,
            field = signal.Definition.Key,
            gateway = signal.Asset.Gateway,
            area = signal.Asset.Area,
            name = LanguageText.Of(signal.Asset.Name),
            label = signal.Definition.Name,
            unit = signal.Definition.Unit,
            limits = LimitsOf(signal.Definition.Alarm.Limits),
        }),
    };

    private async Task<IResult> ReloadAsync(CancellationToken cancellation)
    {
        SiteReload reload = await pipeline.Sites.ReloadAsync(cancellation);
        var body = new
        {
            outcome = reload.Outcome.ToString().ToLowerInvariant(),
            inForce = InForce(pipeline.Sites.Status),
            faults = reload.FaultLines,
        };
        int status = reload.Outcome == SiteReloadOutcome.Refused
            ? StatusCodes.Status422UnprocessableEntity
            : StatusCodes.Status200OK;
        return Results.Json(body, statusCode: status);
    }

    /// <summary>The site from whose record on messages are decoded by it; times since 1970.</summary>
    private static object InForce(SiteStatus status) => new
    {
        hash = status.Version.Hash,
        sinceOffset = status.Offset,
        sinceMilliseconds = status.ArrivalTime / Timestamp.NanosecondsPerMillisecond,
        routes = status.Version.Catalogue.Routes.Select(route => route.Name),
    };

    /// <summary>A gateway has something to send once an asset behind it is enabled; its own asset counts.</summary>
    private bool IsExpected(Gateway gateway) =>
        pipeline.Site.Assets.Any(asset => asset.Enabled && asset.Gateway == gateway.Id);

    private static object LimitsOf(LimitSet limits) => new
    {
        lowLow = Finite(limits.LowLow),
        low = Finite(limits.Low),
        high = Finite(limits.High),
        highHigh = Finite(limits.HighHigh),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
