using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>For people and supervisors: health, status, limits, metrics, and what was not stored.</summary>
internal sealed class StatusEndpoints(IngestPipeline pipeline, IReadOnlyList<LimitView> limits)
{
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";
    private const int SuggestionsMax = 500; // what a person reads; some 5 ms each where the site is large

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health);
        routes.MapGet("/metrics", () => Results.Text(Prometheus(MetricsTable.Of(pipeline)), PrometheusText));
        routes.MapGet("/limits", () => limits);
        routes.MapGet("/api/status", () => PipelineStatus.Of(pipeline));
        routes.MapGet("/api/influx", () => Results.Json(SinkView.Of(pipeline)));
        routes.MapGet("/api/refused", Refused);
        routes.MapGet("/api/unbound", Unbound);
        routes.MapGet("/api/sparkplug", () => pipeline.SparkplugNodes);
        routes.MapGet("/api/ignored", () => pipeline.Ignored.Newest());
    }

    /// <summary>Near misses are looked for in the whole site, so only the first names get theirs.</summary>
    private IEnumerable<object> Unbound()
    {
        var suggestions = new SignalSuggestion(pipeline.Site);
        return pipeline.Unbound.Tallies.Select((tally, i) => new
        {
            route = tally.Name.Route,
            series = tally.Name.Series,
            field = tally.Name.Field,
            suggestion = i < SuggestionsMax ? suggestions.For(tally.Name) : null,
            count = tally.Count,
            lastSeenMilliseconds = tally.LastTime / Timestamp.NanosecondsPerMillisecond,
        });
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
        words = pair.Key.Reason == InternOutcome.CatalogueFull ? pipeline.CatalogueGuard.Report?.Words : null,
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
