using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alarms;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Store;

namespace Telemetry.Ingestion.Tests;

/// <summary>All parts together, on disks in memory: how they end.</summary>
public sealed class IngestPipelineTests : IDisposable
{
    private const int RowsLearnt = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly RelationRule Relations =
        new([SmallMine.Current, SmallMine.Temperature], PeriodSeconds: 60, RowsLearnt);

    private readonly TestLog _log = new();
    private readonly TestLog _journal = new("/alarms");
    private readonly TestLog _kept = new("/quarantine");
    private readonly TestLog _findings = new("/findings");
    private readonly SeriesCatalogue _catalogue = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("pipeline-").FullName;
    private readonly EmbeddedStore _store;
    private readonly IngestPipeline _pipeline;

    public IngestPipelineTests()
    {
        var options = new StoreOptions { Path = Path.Combine(_directory, "store.db") };
        _store = EmbeddedStore.Open(options, _catalogue, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        var metrics = new MqttMetrics();
        _pipeline = new IngestPipeline(new PipelineParts
        {
            Spool = _log.Log,
            AlarmJournal = _journal.Log,
            QuarantineLog = _kept.Log,
            FindingsLog = _findings.Log,
            Store = _store,
            Site = SmallMine.With(Relations),
            Catalogue = _catalogue,
            Broker = new Broker(
                new MqttServerOptions(), metrics, TimeProvider.System, NullLogger<Broker>.Instance),
            MqttMetrics = metrics,
            Influx = new InfluxOptions(),
            DetectionEnabled = true,
            LateAfter = TimeSpan.MaxValue,
            DetectionDirectory = "/detection",
            InfluxDirectory = "/influx",
            BrokerDirectory = "/broker",
            ForecastDirectory = "/forecast",
            DecodingDirectory = "/decoding",
            Files = _log.Files,
            Time = TimeProvider.System,
            LastArrival = 0,
            EndPatience = TimeSpan.FromSeconds(2),
            Loggers = NullLoggerFactory.Instance,
        });
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _store.Dispose();
        _log.Dispose();
        _journal.Dispose();
        _kept.Dispose();
        _findings.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_dead_alarm_desk_ends_the_pipeline_with_its_cause_and_a_stop_does_not_wait_for_it()
    {
        _pipeline.Desk.Add(new DeafEars());
        _pipeline.Start();
        await _log.AppendAsync("t", "CR1,asset=CR-201 motor_current=95 1");

        var cause = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _pipeline.WaitAsync().WaitAsync(Patience));
        Assert.EndsWith("it cannot hear", cause.Message, StringComparison.Ordinal);
        HealthReport health = HealthReport.Of(_pipeline);
        Assert.Equal(HealthStatus.Fail, health.Status);
        Assert.Equal("alarms are not decided until the next start: it cannot hear", health.Message);
        Assert.Equal(0, await _pipeline.StopAsync(Patience).WaitAsync(Patience));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_journal_that_takes_nothing_does_not_keep_the_pipeline_from_ending()
    {
        _journal.Files.CapacityBytes = 0;
        _pipeline.Start();
        await _log.AppendAsync("t", "CR1,asset=CR-201 motor_current=95 1");
        while (HealthReport.Of(_pipeline).Status == HealthStatus.Pass)
        {
            await Task.Yield();
        }

        Assert.StartsWith("alarms are not journalled and wait: ", HealthReport.Of(_pipeline).Message);
        Assert.Equal(0, await _pipeline.StopAsync(Patience).WaitAsync(Patience));
    }

    [Fact(Timeout = 20_000)]
    public async Task Signals_that_no_longer_go_together_are_a_notice_on_the_relations_of_their_asset()
    {
        const int Rows = 600;
        _log.Arrival = (1_700_000_000L + (60 * Rows)) * Timestamp.NanosecondsPerSecond;
        _pipeline.Start();
        await _log.AppendAsync("t", string.Join('\n', Enumerable.Range(0, Rows).Select(LineOf)));
        CursorPump detection = _pipeline.Pumps.Single(pump => pump.Name == "detect");
        await detection.WaitForAsync(_log.Log.AppendedOffset, CancellationToken.None);

        KeptFinding notice = Assert.Single(_pipeline.Findings.Latest("", level: null, 10));
        Assert.Equal(("CR-201.relations", FindingLevel.Notice), (notice.Signal, notice.Level));
        Assert.Equal(AnomalyChannel.Relation, notice.Facts.Channel);
        Assert.Contains("CR-201.bearing_temp", notice.Finding.Explanation);
        Assert.Equal(
            [RowsLearnt, Rows - 1 - RowsLearnt, 0],
            MetricsTable.Of(_pipeline)
                .Where(metric => metric.Name == "telemetry_detection_relation_rows_total")
                .Select(metric => metric.Value));
        Assert.Equal(0, await _pipeline.StopAsync(Patience).WaitAsync(Patience));

        static string LineOf(int row)
        {
            double load = 10 * Math.Sin(row / 10.0);
            double temperature = row < 500 ? load : -load;
            string values = FormattableString.Invariant($"motor_current={50 + load},bearing_temp={50 + temperature}");
            return $"CR1,asset=CR-201 {values} {1_700_000_000 + (60 * row)}000000000";
        }
    }

    private sealed class DeafEars : IAlarmListener
    {
        public void OnChange(in AlarmChange change) => throw new InvalidOperationException("it cannot hear");
    }
}
