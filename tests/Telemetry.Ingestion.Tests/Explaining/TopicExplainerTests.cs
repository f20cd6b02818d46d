using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class TopicExplainerTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly TestLog _kept = new("/quarantine");
    private readonly SeriesCatalogue _catalogue = new();
    private readonly IngestionMetrics _metrics = new();
    private readonly RefusedNames _refused = new();

    public void Dispose()
    {
        _log.Dispose();
        _kept.Dispose();
    }

    [Fact]
    public async Task A_good_message_says_route_decoder_and_signal()
    {
        await _log.AppendAsync("plant/CR-201", "CR1,asset=CR-201 motor_current=91.5 900", client: "gw-7");
        ExplainedMessage message = Assert.Single(Explain("plant/CR-201").Messages);
        Assert.Equal(
            ("decoded", "plant", "line-protocol", "gw-7"),
            (message.Fate, message.Route, message.Decoder, message.Gateway));
        Assert.Equal(
            "filter plant/+ of route \"plant\" is the first that takes the topic", message.Because);
        ExplainedSample sample = Assert.Single(message.Samples);
        Assert.Equal(
            ("motor_current", "91.5", "A", 900, "CR-201.motor_current", null, ""),
            (sample.Field, sample.Value, sample.Unit, sample.Time, sample.Signal, sample.Nearest, sample.Remarks));
    }

    [Theory]
    [InlineData("CR1,asset=CR-201 motor_curent=1", "CR-201.motor_current")]
    [InlineData("CR1,asset=CR-210 motor_current=1", "CR-201.motor_current")]
    [InlineData("CR1 bearing_tmp=1", "bearing_temp")]
    [InlineData("CR1 something_else=1", null)]
    public async Task An_unbound_name_has_its_nearest(string line, string? nearest)
    {
        await _log.AppendAsync("plant/x", line);
        ExplainedSample sample = Assert.Single(Assert.Single(Explain("plant/x").Messages).Samples);
        Assert.Equal((null, nearest, "time of arrival"), (sample.Signal, sample.Nearest, sample.Remarks));
    }

    [Fact]
    public async Task A_faulty_one_says_where_and_its_number_in_quarantine()
    {
        long offset = await _log.AppendAsync("plant/x", "m v=");
        ExplainedMessage message = Assert.Single(Explain("plant/x").Messages);
        Assert.Equal("quarantined", message.Fate);
        Assert.StartsWith("missing field value, at byte 4; filter plant/+", message.Because, StringComparison.Ordinal);
        Assert.Equal(("m v=", 4), (message.Excerpt!.Text, message.Excerpt.Caret));
        Assert.Null(message.QuarantineId); // the store's consumer has not been here

        var batch = new PointBatch();
        using Spool.SpoolReader reader = _log.Log.OpenReader(0);
        new RecordDecoder(Context(), null, null).TryFill(batch, reader, long.MaxValue);
        var quarantine = new Quarantine(_log.Log, _kept.Log, NullLogger.Instance);
        Assert.True(quarantine.TryTake(batch));
        Assert.Equal(offset, Assert.Single(Explain("plant/x", quarantine: quarantine).Messages).QuarantineId);
    }

    [Fact]
    public async Task Fates_have_their_reasons()
    {
        await _log.AppendAsync("other/x", "1");
        await _log.AppendAsync("status/x", "up");
        await _log.AppendAsync("plant/x", "");
        await _log.AppendAsync("plant/x", "m v=1 1\nm v=t 2");
        Assert.Equal(("no route", "no route's filter takes the topic"), Last("other/x"));
        Assert.StartsWith(
            "the route's decoder is ignore; filter status/#", Last("status/x").Because, StringComparison.Ordinal);
        Assert.StartsWith("field type differs: ", Last("plant/x").Because, StringComparison.Ordinal);
        Assert.Equal(
            ["field \"v\" of series \"m\": expected float, found boolean"], Explain("plant/x", 1).Messages[0].Refused);
        Assert.StartsWith("the payload is empty; ", Explain("plant/x").Messages[1].Because, StringComparison.Ordinal);

        (string Fate, string Because) Last(string topic)
        {
            ExplainedMessage message = Explain(topic).Messages[0];
            return (message.Fate, message.Because);
        }
    }

    [Fact]
    public async Task The_last_ones_come_first_over_all_segments_and_a_filter_takes_several_topics()
    {
        string filling = new('x', 30_000);
        for (int i = 0; i < 100; i++) // three segments
        {
            await _log.AppendAsync($"plant/{i % 2}", $"m v={i} {i}\n#{filling}");
        }

        Assert.Equal(["99", "98", "97"], Explain("plant/#", 3).Messages.Select(message => message.Samples[0].Value));
        Assert.Equal(
            Enumerable.Range(0, 50).Select(i => $"{98 - (2 * i)}"),
            Explain("plant/0", 100).Messages.Select(message => message.Samples[0].Value));
        _log.Reopen();
        Assert.Equal(["99"], Explain("plant/#", 1).Messages.Select(message => message.Samples[0].Value));
    }

    [Fact]
    public async Task Nothing_found_says_what_came_instead_and_which_route_would_take_it()
    {
        await _log.AppendAsync("plant/CR-201", "m v=1");
        await _log.AppendAsync("elsewhere/7", "m v=1");
        TopicExplanation nothing = Explain("plnat/CR-201");
        Assert.Empty(nothing.Messages);
        Assert.Equal(["plant/CR-201"], nothing.SimilarTopics);
        Assert.Equal("no route takes it: none of the 2 filters does", nothing.Route);
        Assert.Equal("gw-7", Assert.Single(nothing.Sessions).Client);
        Assert.Equal(
            "route \"plant\" takes it: its filter plant/+ is the first of 2 that does, number 1; decoder line-protocol",
            Explain("plant/x").Route);
    }

    [Fact]
    public async Task A_look_counts_and_lists_nothing()
    {
        await _log.AppendAsync("plant/x", "m v=1 1\nm v=t 2");
        Explain("plant/x");
        Assert.Equal((0, 0, 0), (_metrics.Points, _metrics.MessagesQuarantined, _metrics.MessagesDecoded));
        Assert.Empty(_refused.Names);
    }

    private TopicExplanation Explain(string topic, int countMax = 20, Quarantine? quarantine = null)
    {
        DecodingContext context = Context();
        var log = new DecodedLog(_log.Log, context, _metrics, _refused, _log.OpenSnapshots(), TimeProvider.System);
        var explainer = new TopicExplainer(
            _log.Log,
            log,
            context.Catalogue,
            () => context.Site,
            quarantine ?? new Quarantine(_log.Log, _kept.Log, NullLogger.Instance),
            () => [new ExplainedSession("gw-7", null, "192.0.2.7:5000", 3, 0)],
            TimeProvider.System);
        return explainer.Explain(topic, countMax, CancellationToken.None);
    }

    private DecodingContext Context()
    {
        SiteCatalogue site = SmallMine.With(
            SmallMine.Route("plant/+") with { Name = "plant" }, SmallMine.Route("status/#", "ignore"));
        return new DecodingContext(site, _catalogue, new UnboundNames(), long.MaxValue);
    }
}
