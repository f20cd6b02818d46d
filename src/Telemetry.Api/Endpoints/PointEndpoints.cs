using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;
using Telemetry.Model;

namespace Telemetry.Api;

/// <summary>One live value of a signal.</summary>
/// <param name="Signal">Asset and signal, or series and field of what is not bound.</param>
/// <param name="TimeMilliseconds">Event time since 1970.</param>
/// <param name="Value">The value in the signal's unit.</param>
/// <param name="Quality">Quality as an OPC byte; null, and left out of the answer, when it is plainly good.</param>
public sealed record LiveSample(
    string Signal,
    long TimeMilliseconds,
    double Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte? Quality = null);

/// <summary>Points as they arrive, for plots and for watching.</summary>
internal sealed class PointEndpoints(IngestPipeline pipeline, TimeProvider time)
{
    private const int SamplesPerEventMax = 500;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/points/feed", FeedAsync);

    /// <summary>
    /// Server-sent events, each an array of samples. <c>signals=A,B</c> chooses by name, <c>asset=X</c> by asset;
    /// without either every field is sent. A name with commas, as a series that is not bound has, is given whole as
    /// <c>name=A</c>, which may be repeated.
    /// </summary>
    private async Task FeedAsync(HttpContext context)
    {
        string names = context.Request.Query["signals"].ToString();
        HashSet<string> signals =
        [
            .. names.Split(',', StringSplitOptions.RemoveEmptyEntries),
            .. context.Request.Query["name"].OfType<string>(),
        ];
        string asset = context.Request.Query["asset"].ToString();
        bool Wants(Field field) =>
            (signals.Count == 0 || signals.Contains(NameOf(field)))
            && (asset.Length == 0 || pipeline.Site.SignalOf(field)?.Asset.Id == asset);

        await using var events = new ServerSentEvents(context, time);
        using FeedConsumer.Subscription subscription = pipeline.PointFeed.Subscribe(Wants);
        var batch = new List<LiveSample>(SamplesPerEventMax);
        try
        {
            while (await events.WaitAsync(subscription.Samples))
            {
                batch.Clear();
                while (batch.Count < SamplesPerEventMax && subscription.Samples.TryRead(out LivePoint point))
                {
                    batch.Add(SampleOf(point));
                }

                await events.SendAsync(null, batch, JsonSerializerOptions.Web);
            }
        }
        catch (OperationCanceledException)
        {
            // The watcher went away, or the service stops.
        }
    }

    private LiveSample SampleOf(in LivePoint point) => new(
        NameOf(point.Field),
        point.Time / Timestamp.NanosecondsPerMillisecond,
        point.Value,
        point.Quality == Quality.Good ? null : point.Quality);

    private string NameOf(Field field) =>
        pipeline.Site.SignalOf(field)?.Id
        ?? $"{System.Text.Encoding.UTF8.GetString(field.Series.Key.Span)} {field.Name}";
}
