using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class ProposalsTests : IDisposable
{
    private const string Values =
        """{"timestamp":1768455902000,"values":[{"id":"CR-201.motor_current","v":92.5,"q":true,"t":1768455902000}]}""";

    private readonly TestLog _log = new();
    private readonly RecordingChanger _changer = new();
    private SiteCatalogue _site = SmallMine.With(SmallMine.Route("#", "auto"));

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_topic_without_a_format_is_proposed_with_what_it_would_store()
    {
        Proposals proposals = await SeeAsync(("iotgateway", Values), ("iotgateway", Values));

        TopicProposal only = Assert.Single(proposals.All());
        Assert.Equal(("kepware-iot-gateway", "Kepware IoT Gateway", "measurement", 2),
            (only.Id, only.Format, only.Kind, only.MessageCount));
        Assert.Contains("key values.q with true or false: true", only.Evidence);
        ProposedSample sample = only.Samples[0];
        Assert.Equal(("92.5", "2026-01-15T05:45:02Z", "good"), (sample.Value, sample.Time, sample.Quality));
        Assert.Contains("decoder: json\n", only.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_names_a_format_is_left_alone_and_no_route_at_all_is_not()
    {
        _site = SmallMine.With(SmallMine.Route("iotgateway", "json"), SmallMine.Route("other", "ignore"));

        Proposals proposals = await SeeAsync(("iotgateway", Values), ("other", Values), ("kepware", Values));

        Assert.Equal("kepware", Assert.Single(proposals.All()).Filter);
    }

    [Fact]
    public async Task Only_the_first_messages_of_a_shape_are_kept()
    {
        (string, string)[] messages = [.. Enumerable.Range(0, 20).Select(i => ($"gw{i}/data", $"{{\"a\":{i}}}"))];

        TopicProposal only = Assert.Single((await SeeAsync(messages)).All());

        Assert.Equal("+/data", only.Filter);
        Assert.Equal(5, only.MessageCount);
    }

    [Fact]
    public void Beyond_its_ceilings_sampling_goes_without_and_counts()
    {
        var samples = new TopicSamples();
        byte[] payload = new byte[64 * 1024];
        for (int i = 0; i <= IngestionLimits.SampledShapesMax; i++)
        {
            samples.Offer(SmallMine.Bytes($"word{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}x/y"), payload, 0);
        }

        Assert.Equal(1, samples.Unsampled);
        Assert.True(
            samples.All().Sum(shape => shape.Messages.Sum(message => (long)message.Payload.Length))
            <= IngestionLimits.SampledBytesMax);
    }

    [Fact]
    public void A_topic_that_was_sampled_costs_no_memory_more()
    {
        var samples = new TopicSamples();
        byte[] topic = SmallMine.Bytes("plant/gw1/data");
        byte[] payload = SmallMine.Bytes("{}");
        while (samples.Offer(topic, payload, 0))
        {
        }

        Assert.Equal(0, Allocation.Measure(() => samples.Offer(topic, payload, 0)));
    }

    [Fact]
    public async Task A_confirmed_route_is_handed_on_and_no_longer_proposed()
    {
        Proposals proposals = await SeeAsync(("iotgateway", Values));

        SiteChangeAnswer? answer = await proposals.ConfirmAsync("kepware-iot-gateway", "crusher", default);

        Assert.Equal(new SiteChangeAnswer(true, "done"), answer);
        Assert.Equal("crusher", _changer.Name);
        Assert.Contains("  - name: crusher\n    topic: iotgateway\n", _changer.Yaml, StringComparison.Ordinal);
        Assert.StartsWith("# topic iotgateway is taken by iotgateway", _changer.Yaml, StringComparison.Ordinal);
        Assert.Empty(proposals.All());
    }

    [Fact]
    public async Task What_cannot_be_confirmed_says_why_and_stays()
    {
        Proposals proposals = await SeeAsync(("iotgateway", Values), ("plant/raw", "\u0001\u0000\u0002"));

        Assert.Null(await proposals.ConfirmAsync("nobody", null, default));
        SiteChangeAnswer? binary = await proposals.ConfirmAsync("binary-plant-raw", null, default);
        SiteChangeAnswer? badName = await proposals.ConfirmAsync("kepware-iot-gateway", "../x", default);
        _changer.Answer = new SiteChangeAnswer(false, "no");
        SiteChangeAnswer? refused = await proposals.ConfirmAsync("kepware-iot-gateway", null, default);

        Assert.StartsWith("cannot confirm \"binary-plant-raw\": it wants a layout", binary?.Message);
        Assert.StartsWith("cannot use name \"../x\"", badName?.Message);
        Assert.Equal(new SiteChangeAnswer(false, "no"), refused);
        Assert.Equal(2, proposals.All().Count);
    }

    [Fact]
    public async Task A_name_that_a_route_of_the_site_has_gets_a_number()
    {
        _site = SmallMine.With(
            new RouteDefinition { Name = "kepware-iot-gateway", Filter = "other", Decoder = "json" },
            RouteDefinition.CatchAll);

        Assert.Equal("kepware-iot-gateway-2", Assert.Single((await SeeAsync(("iotgateway", Values))).All()).Id);
    }

    private async Task<Proposals> SeeAsync(params (string Topic, string Payload)[] messages) =>
        new((await DecodeAsync(messages)).Samples, () => _site, _changer);

    private async Task<DecodingContext> DecodeAsync(params (string Topic, string Payload)[] messages)
    {
        foreach ((string topic, string payload) in messages)
        {
            await _log.AppendAsync(topic, payload);
        }

        var context = new DecodingContext(_site, new SeriesCatalogue(), new UnboundNames(), long.MaxValue);
        var decoder = new RecordDecoder(context, new IngestionMetrics());
        using SpoolReader reader = _log.Log.OpenReader(0);
        while (decoder.TryFill(new PointBatch(), reader, _log.Log.DurableOffset))
        {
        }

        return context;
    }

    private sealed class RecordingChanger : ISiteChanger
    {
        public SiteChangeAnswer Answer { get; set; } = new(true, "done");

        public string Name { get; private set; } = "";

        public string Yaml { get; private set; } = "";

        public Task<SiteChangeAnswer> AddRouteAsync(string name, string yaml, CancellationToken cancellationToken)
        {
            Name = name;
            Yaml = yaml;
            return Task.FromResult(Answer);
        }
    }
}
