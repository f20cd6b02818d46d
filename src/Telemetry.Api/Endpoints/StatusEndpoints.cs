using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>For people and supervisors: health, status, site, limits, metrics, and what was not stored.</summary>
internal sealed class StatusEndpoints(IngestPipeline pipeline, IReadOnlyList<LimitView> limits, TimeProvider time)
{
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";
    private readonly long _startedMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health);
        routes.MapGet("/metrics", () => Results.Text(Prometheus(MetricsTable.Of(pipeline)), PrometheusText));
        routes.MapGet("/limits", () => limits);
        routes.MapGet("/api/status", () => PipelineStatus.Of(pipeline));
        routes.MapGet("/api/site", Site);
        routes.MapGet("/api/refused", Refused);
        routes.MapGet("/api/unbound", () => pipeline.Unbound.Names);
        routes.MapGet("/api/sparkplug", () => pipeline.SparkplugNodes);
        routes.MapGet("/api/ignored", () => pipeline.Ignored.Newest());
        routes.MapGet("/api/quarantine", () => pipeline.Quarantine.Newest());
    }

    private IEnumerable<object> Refused() => pipeline.Refused.Names.Select(pair => new
    {
        series = pair.Key.Series,
        field = pair.Key.Field,
        type = FieldTypeNames.Of(pair.Key.Type),
        existing = pair.Value.Expected is { } expected ? FieldTypeNames.Of(expected) : null,
        reason = pair.Key.Reason.ToString(),
        count = pair.Value.Count,
        client = pair.Value.Client,
        topic = pair.Value.Topic,
    });

    private IResult Health()
    {
        HealthReport report = HealthReport.Of(pipeline);
        var answer = new
        {
            name = "telemetry",
            message = report.Message,
            status = NameOf(report.Status),
            checks = report.Checks.Select(check =>
                new { name = check.Name, status = NameOf(check.Status), message = check.Message }),
        };
        int status = report.Status == HealthStatus.Fail
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK;
        return Results.Json(answer, statusCode: status);
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Pass => "pass",
        HealthStatus.Warn => "warn",
        _ => "fail",
    };

    private object Site() => new
    {
        site = pipeline.Site.Site,
        startedMilliseconds = _startedMilliseconds,
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

    /// <summary>Prometheus text exposition format 0.0.4: one HELP and TYPE line per name, then its samples.</summary>
    private static string Prometheus(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, Metric> family in metrics.GroupBy(metric => metric.Name))
        {
            Metric first = family.First();
            text.Append(CultureInfo.InvariantCulture, $"# HELP {first.Name} {first.Help}\n");
            string kind = first.IsCounter ? "counter" : "gauge";
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {first.Name} {kind}\n");
            foreach (Metric metric in family)
            {
                string label = metric.Label.Length > 0 ? $"{{{metric.Label}}}" : "";
                text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{label} {metric.Value}\n");
            }
        }

        return text.ToString();
    }
}

/// <summary>One ceiling as <c>/limits</c> shows it.</summary>
/// <param name="Name">Setting or constant.</param>
/// <param name="Value">The ceiling.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="AtCeiling">What happens at ceiling + 1.</param>
public sealed record LimitView(string Name, double Value, string Unit, string AtCeiling);
