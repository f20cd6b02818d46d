using System.Globalization;
using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>Decodes sampled messages by a proposed route, with names of its own, so that nothing is interned.</summary>
internal static class ProposalPreview
{
    private const int SamplesShownMax = 20; // what a person looks at before confirming

    /// <summary>The first samples the messages would give; none of a route that decodes nothing.</summary>
    /// <param name="route">The route.</param>
    /// <param name="site">For the signals of the site.</param>
    /// <param name="messages">Topics and payloads.</param>
    /// <param name="faults">Why messages would go to quarantine, one sentence each.</param>
    public static IReadOnlyList<ProposedSample> Of(
        RouteDefinition route,
        SiteCatalogue site,
        IReadOnlyList<SampledMessage> messages,
        out IReadOnlyList<string> faults)
    {
        var samples = new List<ProposedSample>();
        var refusals = new List<string>();
        faults = refusals;
        if (route.Decoder == "ignore" || (route.Decoder == "binary" && route.Binary is null))
        {
            return samples;
        }

        var catalogue = new SeriesCatalogue();
        var compiled = new Route(route);
        var writer = new PointBatchWriter(new CatalogueBinder(route, site, catalogue, new UnboundNames()));
        var batch = new PointBatch();
        foreach (SampledMessage message in messages.TakeWhile(_ => samples.Count < SamplesShownMax))
        {
            ResolvedTopic resolved = compiled.Resolve(message.Topic, client: "");
            var context = new DecodeContext
            {
                Series = resolved.Series,
                ExtraTags = resolved.ExtraTags,
                Field = resolved.Field,
                Precision = route.Precision,
            };
            batch.Reset();
            writer.Attach(batch);
            writer.BeginRecord(0, message.Arrival, Lanes.All, lateAfterNanoseconds: 0);
            compiled.Decoder!.Decode(message.Payload, context, writer, out PayloadFault fault);
            if (fault.Count > 0)
            {
                string cause = fault.Path is { } path
                    ? $"path \"{path}\" found nothing"
                    : FaultReasonText.Of(fault.Reason);
                refusals.Add($"a message on {message.Topic} would go to quarantine: {cause}");
            }

            AddSamples(samples, batch, catalogue, site);
        }

        return samples;
    }

    private static void AddSamples(
        List<ProposedSample> samples, PointBatch batch, SeriesCatalogue catalogue, SiteCatalogue site)
    {
        foreach (PointEntry point in batch.Points)
        {
            foreach (SampleEntry sample in batch.SamplesOf(point))
            {
                if (samples.Count == SamplesShownMax)
                {
                    return;
                }

                Field field = catalogue.FieldAt(sample.FieldId);
                samples.Add(new ProposedSample(
                    Encoding.UTF8.GetString(field.Series.Key.Span),
                    field.Name,
                    ValueOf(batch, sample),
                    (point.Flags & PointFlags.ArrivalTime) != 0 ? null : TimeOf(point.Time),
                    NameOf(sample.Quality),
                    site.SignalOf(field)?.Id));
            }
        }
    }

    private static string NameOf(byte quality) =>
        Quality.IsGood(quality) ? "good" : (quality & Quality.Uncertain) != 0 ? "uncertain" : "bad";

    private static string TimeOf(long nanoseconds) => Timestamp.ToDateTimeOffset(nanoseconds)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string ValueOf(PointBatch batch, in SampleEntry sample) => sample.Type switch
    {
        FieldType.Float => BitConverter.Int64BitsToDouble(sample.Bits).ToString("R", CultureInfo.InvariantCulture),
        FieldType.Integer => sample.Bits.ToString(CultureInfo.InvariantCulture),
        FieldType.Unsigned => ((ulong)sample.Bits).ToString(CultureInfo.InvariantCulture),
        FieldType.Boolean => sample.Bits != 0 ? "true" : "false",
        _ => $"\"{Encoding.UTF8.GetString(batch.TextOf(sample))}\"",
    };
}
