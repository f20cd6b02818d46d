using System.Text;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Ingestion;

/// <summary>
/// Gathers from the running pipeline what the commissioning check judges by, within bounds of time and rows. One at a
/// time reads samples.
/// </summary>
/// <param name="pipeline">What is asked.</param>
/// <param name="time">Bounds the reading.</param>
public sealed class FactsCollector(IngestPipeline pipeline, TimeProvider time)
{
    /// <summary>Characters of a gateway's name that can be asked for.</summary>
    public const int NameCharactersMax = 1_024;

    private const int LedgerHours = 24;
    private const int RadioFieldsMax = 20;
    private const int NameShownMax = 120;
    private const double SpanPeriods = 100;
    private const double SpanSecondsMin = 600;
    private const double SpanSecondsMax = 86_400;
    private const double SpanSecondsOfEvents = 3_600;
    private const long Day = 86_400L * Timestamp.NanosecondsPerSecond;
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadingMax = TimeSpan.FromSeconds(2);
    private readonly Lock _turn = new();

    /// <summary>The facts of a gateway; of one that nobody knows, that nothing is known.</summary>
    /// <param name="gateway">Its key.</param>
    /// <param name="cancellationToken">The asker went away.</param>
    public async Task<CommissioningFacts> CollectAsync(string gateway, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        long now = pipeline.Clock.Now();
        long hour = LedgerLine.HourOf(now);
        LedgerView ledger = await pipeline.Ledger.ReadAsync(
            hour - LedgerHours + 1, hour + 1, gateway, cancellationToken);
        lock (_turn)
        {
            return Collect(gateway, now, Sum(ledger), cancellationToken);
        }
    }

    /// <summary>What a store that takes nothing now has not stored is left out.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.CatchUpAsync(cancellationToken).WaitAsync(CatchUpPatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return;
        }
    }

    private CommissioningFacts Collect(
        string gateway, long now, LedgerCounts ledger, CancellationToken cancellationToken)
    {
        GatewayView? view = PipelineStatus.Of(pipeline).Gateways.FirstOrDefault(one => one.Key == gateway);
        ConnectionSnapshot[] connections = [.. pipeline.Broker.Connections()
            .Where(connection => connection.ClientIdentifier == gateway || connection.UserName == gateway)];
        SiteCatalogue site = pipeline.Site;
        (Field Field, SignalInstance? Signal)[] sent =
            [.. SentBy(gateway).Select(field => (field, site.SignalOf(field)))];
        var scan = new FieldScan(pipeline, view?.Clock, now, time);
        return new CommissioningFacts
        {
            Gateway = gateway,
            Now = now,
            Access = pipeline.AccessOf(gateway),
            Address = connections.FirstOrDefault()?.RemoteAddress,
            ConnectedSinceMilliseconds = connections.FirstOrDefault()?.ConnectedSince.ToUnixTimeMilliseconds() ?? 0,
            Counts = view,
            Ignored = [.. pipeline.Ignored.Newest().Where(topic => IsOf(topic.Client, topic.Topic))],
            Quarantined = QuarantinedOf(group => IsOf(group.Gateway, group.LastTopic)),
            Unbound = UnboundOf(site, sent),
            Signals = SignalsOf(SignalFieldsOf(site, gateway, sent), scan, cancellationToken, out int skipped),
            SignalsSkipped = skipped,
            Ledger = ledger,
            Radio = RadioOf(sent, scan),
        };

        // A gateway behind a client of another name is known by a level of its topics.
        bool IsOf(string sender, string topic) => sender == gateway
            || connections.Any(connection => connection.ClientIdentifier == sender)
            || (connections.Length == 0 && topic.Split('/').Contains(gateway));
    }

    private static LedgerCounts Sum(LedgerView view)
    {
        var sum = default(LedgerCounts);
        foreach (LedgerRow row in view.Rows)
        {
            sum.Add(row.Counts);
        }

        return sum;
    }

    private IEnumerable<Field> SentBy(string gateway)
    {
        int number = pipeline.Gateways.All.FirstOrDefault(status => status.Key == gateway)?.Number ?? 0;
        return pipeline.Senders.FieldsOf(number).Select(pipeline.Catalogue.FieldAt);
    }

    private QuarantineFacts[] QuarantinedOf(Func<QuarantineGroup, bool> isMeant) =>
    [
        .. pipeline.Quarantine.Reader.Groups()
            .Where(group => group.Waiting + group.Failed > 0 && isMeant(group))
            .OrderByDescending(group => group.LastArrivalMilliseconds)
            .Select(group => new QuarantineFacts(
                group.Code,
                group.Waiting + group.Failed,
                pipeline.Quarantine.Reader.Find(group.LastId)?.Entry)),
    ];

    /// <summary>Without signals in the site there is nothing that a name could be.</summary>
    private static UnboundFacts[] UnboundOf(SiteCatalogue site, (Field Field, SignalInstance? Signal)[] sent)
    {
        if (site.Signals.Count == 0)
        {
            return [];
        }

        var here = sent.Select(pair => pair.Signal?.Id).OfType<string>().ToHashSet();
        var suggestions = new SignalSuggestion(site);
        return
        [
            .. sent.Where(pair => pair.Signal is null && !RadioCheck.IsRadio(pair.Field.Name)).Select((pair, i) =>
            {
                string series = Encoding.UTF8.GetString(pair.Field.Series.Key.Span);
                string? near = i < IngestionLimits.CheckedNamesMax
                    ? suggestions.For(new UnboundName("", series, pair.Field.Name))
                    : null;
                string name = $"{series} {pair.Field.Name}";
                return new UnboundFacts(
                    name.Length > NameShownMax ? name[..NameShownMax] + "…" : name,
                    near is not null && here.Contains(near) ? null : near);
            }),
        ];
    }

    /// <summary>
    /// The signals that the site expects from it first, then what else it sends, each with its field; without one it
    /// never came.
    /// </summary>
    private List<(SignalInstance Signal, Field? Field)> SignalFieldsOf(
        SiteCatalogue site, string gateway, (Field Field, SignalInstance? Signal)[] sent)
    {
        SignalInstance[] expected = [.. site.Signals.Where(signal => signal.Asset.Gateway == gateway)];
        var assets = expected.Select(signal => signal.Asset.Id).ToHashSet();
        var fields = new Dictionary<string, Field>(StringComparer.Ordinal);
        for (int i = 0; assets.Count > 0 && i < pipeline.Catalogue.FieldCount; i++)
        {
            Field field = pipeline.Catalogue.FieldAt(i);
            if (field.Series.Tags.Any(tag => tag.Key == "asset" && assets.Contains(tag.Value))
                && site.SignalOf(field) is { } signal)
            {
                fields[signal.Id] = field;
            }
        }

        foreach ((Field field, SignalInstance? signal) in sent.Where(pair => pair.Signal is not null))
        {
            fields[signal!.Id] = field;
        }

        return
        [
            .. expected.Concat(sent.Select(pair => pair.Signal).OfType<SignalInstance>())
                .DistinctBy(signal => signal.Id)
                .Where(signal => !RadioCheck.IsRadio(signal.Definition.Key))
                .Select(signal => (signal, fields.GetValueOrDefault(signal.Id))),
        ];
    }

    private static List<SignalFacts> SignalsOf(
        List<(SignalInstance Signal, Field? Field)> signals,
        FieldScan scan,
        CancellationToken cancellationToken,
        out int skipped)
    {
        var found = new List<SignalFacts>();
        foreach ((SignalInstance signal, Field? field) in signals.Take(IngestionLimits.CheckedSignalsMax))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (scan.Elapsed > ReadingMax)
            {
                break;
            }

            double period = signal.Definition.PeriodSeconds;
            double span = period > 0
                ? Math.Clamp(SpanPeriods * period, SpanSecondsMin, SpanSecondsMax)
                : SpanSecondsOfEvents;
            found.Add(new SignalFacts(signal, field is not null, scan.Of(field, signal.Definition, span)));
        }

        skipped = signals.Count - found.Count;
        return found;
    }

    private static RadioFacts[] RadioOf((Field Field, SignalInstance? Signal)[] sent, FieldScan scan) =>
    [
        .. sent.Select(pair => pair.Field)
            .Where(field => field.Type != FieldType.String && RadioCheck.IsRadio(field.Name))
            .Take(RadioFieldsMax)
            .Select(field => (field.Name, Seen: scan.Of(field, null, SpanSecondsOfEvents)))
            .Where(pair => pair.Seen.Count > 0)
            .Select(pair => new RadioFacts(pair.Name, pair.Seen.LastValue)),
    ];

    /// <summary>Reads fields of one gateway, whose times may be stored wrong by what its clock is.</summary>
    private sealed class FieldScan(IngestPipeline pipeline, ClockView? clock, long now, TimeProvider time)
    {
        private readonly long _began = time.GetTimestamp();
        private readonly long _shift = clock is { IsCorrected: false, SkewSeconds: { } skew }
            ? (long)(skew * Timestamp.NanosecondsPerSecond)
            : 0;

        private readonly long _lateAfter = pipeline.LateAfter.TotalNanoseconds < long.MaxValue
            ? (long)pipeline.LateAfter.TotalNanoseconds
            : long.MaxValue;

        private readonly long _before = clock is null or { State: "unknown" }
            ? long.MaxValue
            : now + (60 * Timestamp.NanosecondsPerSecond);

        public TimeSpan Elapsed => time.GetElapsedTime(_began);

        public SeenSamples Of(Field? field, SignalDefinition? range, double spanSeconds)
        {
            long span = (long)(spanSeconds * Timestamp.NanosecondsPerSecond);
            var scan = new SampleScan(
                range?.RangeLow ?? double.NegativeInfinity,
                range?.RangeHigh ?? double.PositiveInfinity,
                _lateAfter,
                _shift,
                _before);
            if (field is not null)
            {
                pipeline.Store.Read(field.Id, now + _shift - span, now + _shift + Day, ref scan);
            }

            return scan.Seen with { Span = span };
        }
    }
}
