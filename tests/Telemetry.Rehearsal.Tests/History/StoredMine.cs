using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Rehearsal.Tests;

/// <summary>A store in a directory of its own, and the site that its samples belong to.</summary>
internal sealed class StoredMine : IDisposable
{
    public const long Second = Timestamp.NanosecondsPerSecond;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("telemetry-rehearsal-");
    private readonly SeriesCatalogue _catalogue = new();
    private readonly EmbeddedStore _store;
    private readonly PointBatch _batch = new();

    public StoredMine() => _store = EmbeddedStore.Open(
        new StoreOptions { Path = Path, ChunkSamples = 64 },
        _catalogue,
        new ManualTime(),
        NullLogger<EmbeddedStore>.Instance);

    /// <summary>When its days begin.</summary>
    public static long Start { get; } = Timestamp.From(new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero));

    public string Path => System.IO.Path.Combine(_directory.FullName, "store.db");

    /// <summary>Pumps with a pressure each, from 0 to 100, which is silent after five minutes.</summary>
    public static SiteCatalogue SiteOf(double high = 80, string site = "test", params string[] assets)
    {
        var limits = LimitSet.None with { High = high };
        var rule = new AlarmRule(limits, 1, 0, 0, double.NaN, 0, SilenceSeconds: 300);
        var pressure = new SignalDefinition("pressure", "Pressure", "kPa", 0, 100, 50, 1, 60, rule);
        var type = new EquipmentType("PU", "Pump", [pressure]);
        Asset[] all = [.. (assets.Length > 0 ? assets : ["PU-1"]).Select(id =>
            new Asset(id, type, "300", new DisplayName(id), "GW-1", Enabled: true))];
        SignalInstance[] signals = [.. all.Select(asset => new SignalInstance(asset, pressure))];
        return new SiteCatalogue(site, all, [], [RouteDefinition.CatchAll], signals);
    }

    /// <summary>Stores a sample.</summary>
    /// <param name="asset">Of which pump.</param>
    /// <param name="time">After <see cref="Start"/>.</param>
    /// <param name="value">The value, of its pressure.</param>
    /// <param name="delay">How much later it arrives.</param>
    /// <param name="signal">Key of another signal.</param>
    public void Add(string asset, long time, double value, long delay = 0, string signal = "pressure")
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"PU,area=300,asset={asset},site=test");
        _catalogue.TryIntern(Encoding.UTF8.GetBytes(key), signal, FieldType.Float, out Field? field);
        _batch.Reset();
        _batch.AddRecord(0, Start + time + delay, lane: 0);
        _batch.AddPoint(field!.Series.Id, Start + time, PointFlags.None);
        _batch.AddSample(field.Id, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(value));
        _store.Append(_batch);
    }

    /// <summary>A sample each minute of a span, but for what <paramref name="delayOf"/> gives less than 0.</summary>
    public void AddMinutes(
        string asset, long from, long to, Func<long, double>? valueOf = null, Func<long, long>? delayOf = null)
    {
        for (long time = from; time < to; time += Minute)
        {
            long delay = delayOf?.Invoke(time) ?? 0;
            if (delay >= 0)
            {
                Add(asset, time, valueOf?.Invoke(time) ?? 50, delay);
            }
        }
    }

    /// <summary>Writes what was added, and opens the file beside the store, which stays open.</summary>
    public StoreHistory Open()
    {
        _store.Checkpoint(new long[Limits.LaneCount]);
        return StoreHistory.Open(Path);
    }

    public RehearsalReport Rehearse(
        long length,
        SiteCatalogue? site = null,
        IReadOnlyList<FailureLabel>? labels = null,
        TextWriter? target = null,
        long from = 0)
    {
        using StoreHistory history = Open();
        return new HistoryRehearsal(history, site ?? SiteOf(), Over(length, from), labels, target).Run();
    }

    public static RehearsalOptions Over(long length, long from = 0) =>
        new() { From = Start + from, To = Start + length };

    public void Dispose()
    {
        _store.Dispose();
        _directory.Delete(recursive: true);
    }
}
