using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Influx;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Store;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// A gateway for each fault, sending for some minutes through the whole pipeline: each fault is named by its check.
/// </summary>
public sealed class SeededFaultsTests : IDisposable
{
    private const int Seconds = 240;
    private const long Second = Timestamp.NanosecondsPerSecond;

    private static readonly string[] Gateways =
    [
        "healthy", "password", "route", "json", "misspelt", "fahrenheit", "tenfold", "unit", "ahead", "reset",
        "silent", "never", "slow", "gap", "radio", "text",
    ];

    private static readonly AlarmRule Rule = new(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);
    private readonly TestLog _log = new();
    private readonly TestLog _journal = new("/alarms");
    private readonly TestLog _kept = new("/quarantine");
    private readonly TestLog _findings = new("/findings");
    private readonly SeriesCatalogue _catalogue = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("faults-").FullName;
    private readonly EmbeddedStore _store;
    private readonly IngestPipeline _pipeline;
    private readonly long _start = Timestamp.From(TimeProvider.System.GetUtcNow()) - (Seconds * Second);

    public SeededFaultsTests()
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
            Site = Site(),
            Catalogue = _catalogue,
            Broker = new Broker(new MqttServerOptions(), metrics, TimeProvider.System, NullLogger<Broker>.Instance),
            MqttMetrics = metrics,
            Influx = new InfluxOptions(),
            DetectionEnabled = false,
            LateAfter = TimeSpan.FromSeconds(300),
            DetectionDirectory = "/detection",
            InfluxDirectory = "/influx",
            BrokerDirectory = "/broker",
            ForecastDirectory = "/forecast",
            DecodingDirectory = "/decoding",
            Files = _log.Files,
            Time = TimeProvider.System,
            LastArrival = _start,
            EndPatience = TimeSpan.FromSeconds(2),
            Loggers = NullLoggerFactory.Instance,
            Access = AccessOf,
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

    [Fact(Timeout = 60_000)]
    public async Task Each_of_the_faults_is_named_by_its_check_with_its_remedy()
    {
        await SendAsync();
        _pipeline.Start();
        var collector = new FactsCollector(_pipeline, TimeProvider.System);
        (string Gateway, string Key, string Remedy)[] expected =
        [
            ("password", "refused-wrong_password", "telemetry gateway rotate password"),
            ("route", "topic-no-route", "add a route for it"),
            ("json", "decode-fault", "correct the format on the gateway"),
            ("misspelt", "name-misspelt", "rename it to A-misspelt.motor_current"),
            ("fahrenheit", "range-fahrenheit", "set the gateway to °C"),
            ("tenfold", "range-large", "check decimal point"),
            ("unit", "unit-differs", "set the unit of the signal"),
            ("ahead", "clock-ahead", "set the gateway's clock"),
            ("reset", "clock-reset", "replace the battery"),
            ("silent", "silent-since", "check the sensor, its wiring"),
            ("never", "signal-never", "check the sensor and its wiring"),
            ("slow", "rate-slow", "set the sampling or reporting interval"),
            ("gap", "gap", "buffers while it is offline"),
            ("radio", "radio-weak", "move or raise the antenna"),
            ("text", "decode-type", "send this value as a number"),
        ];

        // Together, so that all read the ledger by the same tick.
        CommissioningReport[] reports = await Task.WhenAll(Gateways.Select(each => CheckAsync(collector, each)));
        foreach ((string gateway, string key, string remedy) in expected)
        {
            CommissioningReport report = reports.Single(each => each.Gateway == gateway);
            CheckRow? row = report.Checks.FirstOrDefault(check => check.Finding == key);
            Assert.True(row is not null, $"{gateway} lacks {key}: {TextOf(report)}");
            Assert.Contains(remedy, row.Remedy, StringComparison.Ordinal);
            Assert.True(row.State is "red" or "yellow", TextOf(report));
        }

        // Its messages come from no connection here, and nothing else is to be said of it.
        CommissioningReport healthy = reports.Single(each => each.Gateway == "healthy");
        Assert.Equal(
            "connection",
            string.Join(", ", healthy.Checks.Where(check => check.State != "green").Select(check => check.Check)));
        await _pipeline.StopAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<CommissioningReport> CheckAsync(FactsCollector collector, string gateway) =>
        CommissioningReport.Of(await collector.CollectAsync(gateway, CancellationToken.None), "pilot", "en");

    private static string TextOf(CommissioningReport report) =>
        string.Join("; ", report.Checks.Select(check => $"{check.Check} {check.State} {check.Seen}"));

    private AccessFacts AccessOf(string name) => new(
        IsKnown: true,
        IsRevoked: false,
        name == "password"
            ? [new RefusalFacts("wrong_password", "10.0.0.7", "", 3, _start / Timestamp.NanosecondsPerMillisecond)]
            : []);

    private async Task SendAsync()
    {
        for (int i = 0; i < Seconds; i++)
        {
            foreach (string gateway in Gateways)
            {
                _log.Arrival = _start + (i * Second);
                if (MessageOf(gateway, i, _log.Arrival) is { } message)
                {
                    _log.AppendUncommitted(message.Topic, message.Payload, gateway);
                }
            }

            await _log.CommittedAsync();
        }
    }

    private static (string Topic, string Payload)? MessageOf(string gateway, int second, long time) => gateway switch
    {
        "password" => null,
        "route" => ("elsewhere/x", LineOf(gateway, time)),
        "json" => ("json/x", "{\"motor_current\": 12,5}"),
        "misspelt" => ("line/x", LineOf(gateway, time, name: "motor_curent")),
        "fahrenheit" => ("line/x", LineOf(gateway, time, temperature: 176)),
        "tenfold" => ("line/x", LineOf(gateway, time, current: 520)),
        "unit" => ("kg/x", LineOf(gateway, time)),
        "ahead" => ("line/x", LineOf(gateway, time + (7_200 * Second))),
        "reset" => ("line/x", LineOf(gateway, (second + 100) * Second)),
        "silent" when second > 100 => ("line/x", $"CR1,asset=A-silent motor_current={Wave(second)},rssi=-60 {time}"),
        "never" => ("line/x", $"CR1,asset=A-never motor_current={Wave(second)},rssi=-60 {time}"),
        "slow" when second % 10 > 0 => null,
        "gap" when second is > 100 and < 160 => null,
        "radio" => ("line/x", LineOf(gateway, time, rssi: -118)),
        "text" => ("line/x", $"CR1,asset=A-text motor_current=\"high\" {time}"),
        _ => ("line/x", LineOf(gateway, time)),
    };

    private static string LineOf(
        string gateway,
        long time,
        string name = "motor_current",
        double current = 52,
        double temperature = 61,
        double rssi = -60) => string.Create(
            CultureInfo.InvariantCulture,
            $"CR1,asset=A-{gateway} {name}={current},bearing_temp={temperature},rssi={rssi} {time}");

    private static int Wave(int second) => 50 + (second % 5);

    private static SiteCatalogue Site()
    {
        SignalDefinition[] signals =
        [
            new("motor_current", "motor current", "A", 0, 100, 50, 1, 1, Rule),
            new("bearing_temp", "bearing temperature", "Cel", -40, 120, 60, 1, 1, Rule),
        ];
        var type = new EquipmentType("CR1", "crusher", signals);
        Asset[] assets =
        [
            .. Gateways.Select(gateway =>
                new Asset($"A-{gateway}", type, "crushing", new DisplayName("Crusher"), gateway, Enabled: true)),
        ];
        RouteDefinition[] routes =
        [
            SmallMine.Route("line/+"),
            SmallMine.Route("json/+", "json"),
            SmallMine.Route("kg/+") with
            {
                Units = new Dictionary<string, string>(StringComparer.Ordinal) { ["bearing_temp"] = "kg" },
            },
        ];
        return new SiteCatalogue(
            "pilot",
            assets,
            [],
            routes,
            [.. assets.SelectMany(asset => signals.Select(signal => new SignalInstance(asset, signal)))]);
    }
}
