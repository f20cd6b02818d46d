using Telemetry.Model;

namespace Telemetry.Ingestion.Tests.Consumers;

public sealed class FeedConsumerTests
{
    [Fact]
    public async Task A_watcher_is_given_values_with_their_quality()
    {
        var catalogue = new SeriesCatalogue();
        catalogue.TryIntern("m"u8, "t", FieldType.Float, out Field? field);
        var batch = new PointBatch();
        batch.AddRecord(0, 5, lane: 0);
        batch.AddPoint(field!.Series.Id, 7, PointFlags.None);
        batch.AddSample(field.Id, FieldType.Float, Quality.Uncertain, BitConverter.DoubleToInt64Bits(1.5));
        var feed = new FeedConsumer(catalogue, startOffset: 0);
        using FeedConsumer.Subscription watcher = feed.Subscribe(_ => true);

        await feed.ConsumeAsync(batch, default);

        Assert.True(watcher.Samples.TryRead(out LivePoint point));
        Assert.Equal(new LivePoint(field, 7, 1.5, Quality.Uncertain), point);
    }

    [Fact]
    public async Task What_was_decoded_anew_is_no_news_to_a_watcher()
    {
        var catalogue = new SeriesCatalogue();
        catalogue.TryIntern("m"u8, "t", FieldType.Float, out Field? field);
        var batch = new PointBatch();
        batch.AddRecord(0, 5, lane: 0).IsRedecoded = true;
        batch.AddPoint(field!.Series.Id, 7, PointFlags.Late);
        batch.AddSample(field.Id, FieldType.Float, Quality.Good, 0);
        var feed = new FeedConsumer(catalogue, startOffset: 0);
        using FeedConsumer.Subscription watcher = feed.Subscribe(_ => true);

        await feed.ConsumeAsync(batch, default);

        Assert.False(watcher.Samples.TryRead(out _));
    }
}
