using System.Threading.Channels;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A value for people to watch.</summary>
/// <param name="Field">Whose value.</param>
/// <param name="Time">Event time, nanoseconds since 1970.</param>
/// <param name="Value">The value; 0 or 1 for a boolean.</param>
/// <param name="Quality">Quality as an OPC byte; see <see cref="Model.Quality"/>.</param>
public readonly record struct LivePoint(Field Field, long Time, double Value, byte Quality);

/// <summary>
/// Batches → live feeds. Not durable: it starts at the tail, costs nothing while nobody watches, and a reader that does
/// not keep up loses points, which is counted.
/// </summary>
public sealed class FeedConsumer : IBatchConsumer
{
    private const int QueuedMax = 10_000; // per reader; some seconds of the default mine
    private readonly SeriesCatalogue _catalogue;
    private readonly Lock _lock = new();
    private volatile Subscription[] _subscriptions = [];
    private long _dropped;

    /// <param name="catalogue">Names of series and fields.</param>
    /// <param name="startOffset">Where it starts.</param>
    public FeedConsumer(SeriesCatalogue catalogue, long startOffset)
    {
        _catalogue = catalogue;
        DurableOffset = startOffset;
    }

    /// <inheritdoc/>
    public bool IsQuick => true;

    /// <inheritdoc/>
    public string Name => "feed";

    /// <inheritdoc/>
    public long DurableOffset { get; private set; }

    /// <summary>Points that readers lost because they did not keep up.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Watches the points of fields that pass the filter; dispose to stop.</summary>
    public Subscription Subscribe(Func<Field, bool> filter)
    {
        var subscription = new Subscription(this, filter);
        lock (_lock)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    /// <inheritdoc/>
    public ValueTask ConsumeAsync(PointBatch batch, CancellationToken cancellationToken)
    {
        foreach (Subscription subscription in _subscriptions)
        {
            foreach (ref readonly PointEntry point in batch.Points)
            {
                if ((point.Flags & PointFlags.Stale) == 0 && !batch.Records[point.Record].IsRedecoded)
                {
                    Offer(subscription, batch, point);
                }
            }
        }

        DurableOffset = batch.EndOffset;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => ValueTask.CompletedTask;

    private void Offer(Subscription subscription, PointBatch batch, in PointEntry point)
    {
        foreach (ref readonly SampleEntry sample in batch.SamplesOf(point))
        {
            Field field = _catalogue.FieldAt(sample.FieldId);
            bool isWanted = sample.Type != FieldType.String && subscription.Wants(field, batch.Site);
            if (isWanted && !subscription.TryWrite(LivePointOf(field, point, sample)))
            {
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    private static LivePoint LivePointOf(Field field, in PointEntry point, in SampleEntry sample) =>
        new(field, point.Time, FieldBits.ToDouble(sample.Bits, sample.Type), sample.Quality);

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
        }
    }

    /// <summary>One watcher's queue.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly FeedConsumer _feed;
        private readonly Func<Field, bool> _filter;
        private readonly Dictionary<int, bool> _wanted = [];
        private SiteCatalogue? _site;
        private readonly Channel<LivePoint> _points = Channel.CreateBounded<LivePoint>(
            new BoundedChannelOptions(QueuedMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

        internal Subscription(FeedConsumer feed, Func<Field, bool> filter)
        {
            _feed = feed;
            _filter = filter;
        }

        /// <summary>The samples, until disposed.</summary>
        public ChannelReader<LivePoint> Samples => _points.Reader;

        /// <inheritdoc/>
        public void Dispose()
        {
            _feed.Remove(this);
            _points.Writer.TryComplete();
        }

        internal bool TryWrite(LivePoint point) => _points.Writer.TryWrite(point);

        /// <summary>The filter's answer, asked once per field as long as the site stays.</summary>
        internal bool Wants(Field field, SiteCatalogue site)
        {
            if (_site != site)
            {
                _wanted.Clear();
                _site = site;
            }

            if (!_wanted.TryGetValue(field.Id, out bool wants))
            {
                wants = _filter(field);
                _wanted.Add(field.Id, wants);
            }

            return wants;
        }
    }
}
