using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class CatalogueGuardTests
{
    private readonly RecordedLog _log = new();
    private readonly FieldSenders _senders = new();
    private readonly GatewayRegistry _gateways = new();
    private readonly SeriesCatalogue _catalogue = new(fieldCountMax: 1_000);
    private readonly CatalogueGuard _guard;

    public CatalogueGuardTests() => _guard = new CatalogueGuard(_catalogue, _senders, _gateways);

    [Fact]
    public void From_four_fifths_on_who_fills_it_is_named_once_in_the_log_and_in_health_and_metrics()
    {
        for (int i = 0; i < 10; i++)
        {
            Send("pump-gw", $"pump,asset=P-{i}", "flow");
        }

        for (int i = 0; i < 789; i++)
        {
            Send(i < 100 ? "old-gw" : "job \"gw\"", $"job,session={i},kind={i % 3}", "ms");
        }

        _guard.Look(_log);
        Assert.Null(_guard.Report);
        Assert.Equal(HealthStatus.Pass, HealthReport.Names(_guard).Status);
        Assert.Equal(("telemetry_ingestion_names_used_ratio", 0.799), Assert.Single(CatalogueMetrics.Of(_guard)) switch
        {
            var metric => (metric.Name, metric.Value),
        });

        Send("job \"gw\"", "job,session=x,kind=1", "ms");
        _guard.Look(_log);
        _guard.Look(_log);
        const string Who = "measurement \"job\" has 790 fields in 790 series, its tag \"session\" has 790 values, "
            + "most of them sent by gateway \"job \"gw\"\"";
        string line = Assert.Single(_log.Lines);
        Assert.StartsWith("the catalogue of names is filled to 80", line);
        Assert.EndsWith($"800 of 1000 fields; when it is full points of further names are refused; {Who}", line);
        HealthCheck health = HealthReport.Names(_guard);
        Assert.Equal(HealthStatus.Warn, health.Status);
        Assert.Equal(
            "the catalogue of names is 80 % full, 800 of 1000 fields; when it is full points of further names are "
                + $"refused; {Who}",
            health.Message);
        Metric culprit = CatalogueMetrics.Of(_guard).Last();
        Assert.Equal(790, culprit.Value);
        Assert.Equal("measurement=\"job\",tag=\"session\",gateway=\"job \\\"gw\\\"\"", culprit.Label);
    }

    [Fact]
    public void What_it_says_follows_the_growth_and_that_names_are_refused_is_an_error_of_its_own()
    {
        Fill(800);
        _guard.Look(_log);
        Fill(805);
        _guard.Look(_log);
        Assert.Equal("800 of 1000 fields", _guard.Report!.Use); // looked at once per percent
        Fill(850);
        _guard.Look(_log);
        Assert.Equal("850 of 1000 fields", _guard.Report!.Use);
        Assert.Single(_log.Lines);
        Fill(1_000);
        _guard.Look(_log);
        _guard.Look(_log);
        Assert.Equal(2, _log.Lines.Count);
        Assert.StartsWith("cannot take further names: the catalogue holds 900 of 1000 fields", _log.Lines[1]);
        Assert.StartsWith("points of further names are refused: ", HealthReport.Names(_guard).Message);
    }

    [Fact]
    public void Made_up_field_names_and_made_up_measurements_are_told_as_such()
    {
        for (int i = 0; i < 850; i++)
        {
            Send("gw", "log", $"line {i}");
        }

        _guard.Look(_log);
        Assert.Equal(
            "measurement \"log\" has 850 fields in 1 series, they have 850 names, most of them sent by gateway \"gw\"",
            _guard.Report!.Who);
        var many = new SeriesCatalogue(fieldCountMax: 100);
        for (int i = 0; i < 90; i++)
        {
            many.TryIntern(Encoding.UTF8.GetBytes($"m{i}"), "v", FieldType.Float, out _);
        }

        var guard = new CatalogueGuard(many, new FieldSenders(), _gateways);
        guard.Look(_log);
        Assert.Equal("they are of 90 measurements, most in \"m0\"", guard.Report!.Who);
    }

    [Fact]
    public void Long_names_are_weighed_by_their_bytes_and_shown_by_their_beginning()
    {
        var catalogue = new SeriesCatalogue(nameBytesMax: 100_000);
        for (int i = 0; i < 500; i++)
        {
            catalogue.TryIntern(Encoding.UTF8.GetBytes($"m,a={i}"), "v", FieldType.Float, out _);
        }

        string name = new('x', 2_000);
        for (int i = 0; i < 40; i++)
        {
            catalogue.TryIntern(Encoding.UTF8.GetBytes($"{name},n={i}"), "v", FieldType.Float, out _);
        }

        var guard = new CatalogueGuard(catalogue, _senders, _gateways);
        guard.Look(_log);
        Assert.StartsWith($"measurement \"{new string('x', 100)}…\" has 40 fields", guard.Report!.Who);
        Assert.EndsWith("of 100000 bytes of names", guard.Report.Use);
    }

    private void Fill(int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"job,session={i}");
            _catalogue.TryIntern(key, "ms", FieldType.Float, out _, isForeign: true);
        }
    }

    private void Send(string gateway, string series, string name)
    {
        _catalogue.TryIntern(Encoding.UTF8.GetBytes(series), name, FieldType.Float, out Field? field);
        var batch = new PointBatch();
        batch.AddRecord(0, 0, lane: 0).Gateway = _gateways.Of(Encoding.UTF8.GetBytes(gateway)).Number;
        batch.AddPoint(field!.Series.Id, 0, PointFlags.None, default);
        batch.AddSample(field.Id, FieldType.Float, Quality.Good, 0, source: 0);
        _senders.Note(batch);
    }
}
