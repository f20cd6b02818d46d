using System.Text;
using Telemetry.FirmwareSim;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

/// <summary>What the simulated mine sends, through the routes and decoders of the built-in site.</summary>
public sealed class SimulatedMineDecodingTests
{
    private const string Frames = "GW-UTIL";
    private static readonly SiteCatalogue Site = DefaultSite.Load();
    private static readonly DateTimeOffset Start = new(2026, 1, 19, 16, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Gateways => [.. Site.Signals.Select(signal => signal.Asset.Gateway).Distinct()];

    [Theory]
    [MemberData(nameof(Gateways))]
    public async Task Every_sample_of_a_gateway_comes_to_its_signal_at_its_time(string gateway)
    {
        Outcome outcome = await DecodeAsync(gateway, firmware: null, minutes: 3);

        Assert.True(outcome.SentSamples.Count > 0);
        Assert.Empty(outcome.Faults);
        Assert.Equal(outcome.SentSamples, outcome.StoredSamples);
        Assert.Subset(
            Site.Signals.Where(signal => signal.Asset.Gateway == gateway).Select(signal => signal.Id).ToHashSet(),
            outcome.Signals);
    }

    [Fact]
    public async Task Frames_lost_in_a_full_buffer_are_missing_in_the_ledger_one_by_one()
    {
        var firmware = new ScenarioFirmware { Outages = 100, OutageMinutes = 5, BufferMessages = 40 };

        Outcome outcome = await DecodeAsync(Frames, firmware, minutes: 60);

        Assert.Empty(outcome.Faults);
        Assert.True(outcome.LostCount > 0);
        Assert.Equal(outcome.LostCount, outcome.MissingCount);
    }

    [Fact]
    public async Task A_signal_that_an_update_renames_comes_under_a_name_that_no_one_bound()
    {
        var firmware = new ScenarioFirmware { Update = FirmwareUpdate.Rename, UpdateAfterHours = 0 };

        Outcome outcome = await DecodeAsync("GW-TAIL", firmware, minutes: 120);

        Assert.Empty(outcome.Faults);
        string[] strange = [.. outcome.Signals.Except(Site.Signals.Select(signal => signal.Id))];
        Assert.Equal($"{outcome.Update!.Signal.Split('.')[0]}.{outcome.Update.Name}", Assert.Single(strange));
    }

    [Fact]
    public async Task What_lost_its_acknowledgement_and_came_again_is_a_duplicate_and_stored_once()
    {
        const string Gateway = "GW-MILL";
        GatewayOutbox outbox = Open(Gateway, new() { Duplicates = 0.1 }, out _);
        var outcome = new Outcome();
        using var log = new TestLog();
        int expected = 0;
        ushort identifier = 0;
        while (TryTake(outbox, Timestamp.From(Start.AddMinutes(3)), out Taken taken))
        {
            string body = Encoding.UTF8.GetString(taken.Body);
            log.Arrival = Math.Max(log.Arrival, taken.Origin.Time);
            await log.AppendAsync(taken.Topic, body, ++identifier, dup: false, Gateway);
            outcome.AddSent(taken.Origin);
            if (taken.LosesAcknowledgement)
            {
                await log.AppendAsync(taken.Topic, body, identifier, dup: true, Gateway);
                expected++;
            }
        }

        Decode(log, outcome);
        Assert.True(expected > 10);
        Assert.Empty(outcome.Faults);
        Assert.Equal(expected, outcome.DuplicateCount);
        Assert.Equal(outcome.SentSamples, outcome.StoredSamples);
    }

    private static async Task<Outcome> DecodeAsync(string gateway, ScenarioFirmware? firmware, double minutes)
    {
        GatewayOutbox outbox = Open(gateway, firmware, out GatewayFirmware? behaviour);
        var outcome = new Outcome
        {
            Update = behaviour?.Events.FirstOrDefault(one => one.Kind == FirmwareEventKind.Update),
        };
        using var log = new TestLog();
        while (TryTake(outbox, Timestamp.From(Start.AddMinutes(minutes)), out Taken taken))
        {
            log.Arrival = Math.Max(log.Arrival, taken.Origin.Time);
            await log.AppendAsync(taken.Topic, taken.Body, gateway);
            outcome.AddSent(taken.Origin);
        }

        outcome.LostCount = outbox.Counts.LostCount;
        Decode(log, outcome);
        return outcome;
    }

    private static GatewayOutbox Open(string gateway, ScenarioFirmware? firmware, out GatewayFirmware? behaviour)
    {
        var payloads = new GatewayPayloads(
            Site,
            Site.Gateways.Single(known => known.Id == gateway),
            new SimulatorOptions { Firmware = firmware },
            Timestamp.From(Start),
            new FaultBoard(speedFactor: 1));
        behaviour = payloads.Firmware;
        return new GatewayOutbox(gateway, payloads);
    }

    private static bool TryTake(GatewayOutbox outbox, long until, out Taken taken)
    {
        bool isThere = outbox.TryNext(until, out GatewayPayload payload);
        taken = new Taken(
            Encoding.UTF8.GetString(payload.Topic), payload.Body.ToArray(), payload.Origin,
            payload.LosesAcknowledgement);
        return isThere;
    }

    private static void Decode(TestLog log, Outcome outcome)
    {
        var catalogue = new SeriesCatalogue();
        var context = new DecodingContext(Site, catalogue, new UnboundNames(), long.MaxValue);
        var decoder = new RecordDecoder(context, metrics: null);
        var batch = new PointBatch();
        using SpoolReader reader = log.Log.OpenReader(0);
        while (decoder.TryFill(batch, reader, log.Log.DurableOffset))
        {
            foreach (PointEntry point in batch.Points)
            {
                string series = Encoding.UTF8.GetString(catalogue.SeriesAt(point.SeriesId).Key.Span);
                string asset = series.Split(',').Single(tag => tag.StartsWith("asset=", StringComparison.Ordinal))[6..];
                foreach (SampleEntry sample in batch.SamplesOf(point))
                {
                    outcome.Add($"{asset}.{catalogue.FieldAt(sample.FieldId).Name}", point.Time);
                }
            }

            foreach (RecordEntry record in batch.Records)
            {
                outcome.Add(record);
            }
        }
    }

    /// <summary>A message that outlives the gateway's buffer.</summary>
    private sealed record Taken(string Topic, byte[] Body, MessageOrigin Origin, bool LosesAcknowledgement);

    /// <summary>What was sent and what became of it; samples are counted by their time.</summary>
    private sealed class Outcome
    {
        public SortedDictionary<long, int> SentSamples { get; } = [];

        public SortedDictionary<long, int> StoredSamples { get; } = [];

        public SortedSet<string> Signals { get; } = new(StringComparer.Ordinal);

        public List<string> Faults { get; } = [];

        public FirmwareEvent? Update { get; init; }

        public long LostCount { get; set; }

        public long MissingCount { get; private set; }

        public long DuplicateCount { get; private set; }

        public void AddSent(in MessageOrigin origin) => Count(SentSamples, origin.TimeTold, origin.SampleCount);

        public void Add(string signal, long time)
        {
            Signals.Add(signal);
            Count(StoredSamples, time, 1);
        }

        public void Add(in RecordEntry record)
        {
            MissingCount += record.MissingCount;
            DuplicateCount += record.Fate == RecordFate.Duplicate ? 1 : 0;
            if (record.Fate is not (RecordFate.Decoded or RecordFate.Duplicate))
            {
                Faults.Add($"{record.Fate}: {(FaultReason)record.FaultReason} at {record.FaultOffset}");
            }
        }

        private static void Count(SortedDictionary<long, int> counts, long time, int count) =>
            counts[time] = counts.GetValueOrDefault(time) + count;
    }
}
