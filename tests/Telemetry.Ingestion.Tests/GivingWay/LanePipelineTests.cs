using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alarms;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>All parts together: a store that stands still, a small spool, and who sees what gave way.</summary>
public sealed class LanePipelineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string Filler = "\n#" + new string('x', 3_000);
    private readonly TestLog _log = new(bytesMax: 8 * 1024 * 1024);
    private readonly TestLog _journal = new("/alarms");
    private readonly TestLog _kept = new("/quarantine");
    private readonly TestLog _findings = new("/findings");
    private readonly ManualTime _time = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("lanes-").FullName;
    private readonly List<EmbeddedStore> _stores = [];
    private readonly List<long> _dam = []; // where each ends
    private int _raw;

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _log.Dispose();
        _journal.Dispose();
        _kept.Dispose();
        _findings.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_gave_way_is_seen_everywhere_and_the_ledger_closes_when_the_store_is_back()
    {
        using IngestPipeline pipeline = NewPipeline("a");
        pipeline.Start();
        await FillAsync(pipeline);

        await UntilAsync(
            () => pipeline.Desk.Snapshot.TryFind("raw.spool/DROPPED", out Alarm? alarm) && alarm!.IsPresent);
        LaneView lane = Assert.Single(PipelineStatus.Of(pipeline).Lanes);
        Assert.Equal(("raw", "drop-oldest", true), (lane.Name, lane.WhenFull, lane.IsDropping));
        HealthCheck health = HealthReport.Of(pipeline).Checks.Single(check => check.Name == "lanes");
        Assert.Equal(HealthStatus.Warn, health.Status);
        const string Dropped = "telemetry_lane_dropped_messages_total";
        Metric metric = MetricsTable.Of(pipeline).Single(metric => metric.Name == Dropped);
        Assert.Equal(("lane=\"raw\"", lane.DroppedMessages), (metric.Label, (long)metric.Value));
        Assert.Equal(3, pipeline.Explainer.Explain("raw/#", 3, CancellationToken.None).Messages.Count);

        _kept.Files.CapacityBytes = long.MaxValue;
        await UntilAsync(() => pipeline.StorePump.Position >= _dam[^1]);
        Dictionary<string, LedgerRow> ledger = await ReadLedgerAsync(pipeline);
        Assert.Equal((_dam.Count, _dam.Count), (ledger["dam"].Received, ledger["dam"].Counts.Stored));
        LedgerRow vibration = ledger["vib"];
        Assert.Equal((_raw, _raw), (vibration.Received, vibration.Counts.Stored + vibration.Counts.Dropped));
        Assert.InRange(vibration.Counts.Dropped, 300, lane.DroppedMessages); // less what the store had in memory
        Assert.Equal(1, ledger["gw-1"].Counts.Quarantined);
        await StopAsync(pipeline);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_start_that_has_lost_every_checkpoint_reads_over_what_gave_way()
    {
        using (IngestPipeline pipeline = NewPipeline("a"))
        {
            pipeline.Start();
            await FillAsync(pipeline);
            await StopAsync(pipeline);
        }

        _log.Reopen();
        _kept.Files.CapacityBytes = long.MaxValue;
        using IngestPipeline again = NewPipeline("b");
        again.Start();
        await UntilAsync(() => again.Pumps.All(pump => pump.Position >= _dam[^1]));
        Dictionary<string, LedgerRow> ledger = await ReadLedgerAsync(again);
        Assert.Equal((_dam.Count, _dam.Count), (ledger["dam"].Received, ledger["dam"].Counts.Stored));
        LedgerRow vibration = ledger["vib"];
        Assert.Equal((_raw, _raw), (vibration.Received, vibration.Counts.Stored + vibration.Counts.Dropped));
        Assert.True(vibration.Counts.Dropped > 300);
        await StopAsync(again);
    }

    /// <summary>The quarantine takes nothing, so the store does not either; lanes give way.</summary>
    private async Task FillAsync(IngestPipeline pipeline)
    {
        _kept.Files.CapacityBytes = 0;
        await _log.AppendAsync("t", "broken");
        while (pipeline.Lanes is not [{ DroppedMessages: > 0 }])
        {
            for (int i = 0; i < 40 && _log.Log.State.Status == SpoolStatus.Running; i++)
            {
                _raw += _log.AppendUncommitted("raw/1", $"m v=1 {_raw + 1}" + Filler, "vib") ? 1 : 0;
                if (_log.AppendUncommitted("dam", $"m v=1 {_dam.Count + 1}" + Filler, "dam"))
                {
                    _dam.Add(_log.Log.AppendedOffset);
                }
            }

            await UntilAsync(() => _log.Log.DurableOffset >= _dam[^1] || _log.Log.State.Status == SpoolStatus.Full);
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await _log.CommittedAsync();
    }

    private async Task UntilAsync(Func<bool> isTrue)
    {
        while (!isTrue())
        {
            _time.Advance(TimeSpan.FromMilliseconds(1)); // slowly: nobody who is waited for is given up
            await Task.Yield();
        }
    }

    /// <summary>The ledger once nothing is pending.</summary>
    private async Task<Dictionary<string, LedgerRow>> ReadLedgerAsync(IngestPipeline pipeline)
    {
        LedgerView view;
        do
        {
            Task<LedgerView> reading = pipeline.Ledger.ReadAsync(0, long.MaxValue, "", CancellationToken.None);
            await UntilAsync(() => reading.IsCompleted);
            view = await reading;
        }
        while (view.Rows.Any(row => row.Pending > 0));

        Assert.True(view.Closes);
        return view.Rows.ToDictionary(row => row.Gateway);
    }

    private async Task StopAsync(IngestPipeline pipeline)
    {
        Task<long> stopping = pipeline.StopAsync(Patience);
        await UntilAsync(() => stopping.IsCompleted);
        await stopping;
    }

    private IngestPipeline NewPipeline(string name)
    {
        var catalogue = new SeriesCatalogue();
        var options = new StoreOptions
        {
            Path = Path.Combine(_directory, $"{name}.db"),
            ChunkSamples = 64,
            CheckpointBytes = 1,
            PendingBytesMax = 1,
        };
        var store = EmbeddedStore.Open(options, catalogue, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        _stores.Add(store);
        var metrics = new MqttMetrics();
        return new IngestPipeline(new PipelineParts
        {
            Spool = _log.Log,
            AlarmJournal = _journal.Log,
            QuarantineLog = _kept.Log,
            FindingsLog = _findings.Log,
            Store = store,
            Site = LaneRig.SiteWith(new TrafficLane("raw", ["raw/#"], [], WhenFull.DropOldest)),
            Catalogue = catalogue,
            Broker = new Broker(new MqttServerOptions(), metrics, _time, NullLogger<Broker>.Instance),
            MqttMetrics = metrics,
            Influx = new InfluxOptions(),
            DetectionEnabled = true,
            LateAfter = TimeSpan.MaxValue,
            DetectionDirectory = $"/{name}/detection",
            InfluxDirectory = $"/{name}/influx",
            BrokerDirectory = $"/{name}/broker",
            ForecastDirectory = $"/{name}/forecast",
            DecodingDirectory = $"/{name}/decoding",
            Files = _log.Files,
            Time = _time,
            LastArrival = 0,
            EndPatience = TimeSpan.FromSeconds(2),
            Loggers = NullLoggerFactory.Instance,
        });
    }
}
