using System.Globalization;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Detection.Assets;

/// <summary>A field's place in the rows of its asset.</summary>
/// <param name="Watch">The asset's watch; null for a field that is in no rows.</param>
/// <param name="Place">Its place in a row.</param>
internal readonly record struct RelationSeat(RelationWatch? Watch, int Place);

/// <summary>
/// The relations of all assets that the site chooses. What it finds is a notice on the signal <c>relations</c> of the
/// asset, which has no samples.
/// </summary>
/// <param name="table">The slots.</param>
/// <param name="catalogue">Takes the fields that findings are on.</param>
internal sealed class RelationWatches(WatchTable table, SeriesCatalogue catalogue)
{
    private const int NamedMax = 3;
    private const double ShareMin = 0.1; // of a signal that is named beside the foremost
    private const double BandDeviations = 3; // how far a smoothed value is from the expected one at times

    private readonly Dictionary<string, RelationWatch> _watches = new(StringComparer.Ordinal); // by asset
    private long _learnt;
    private long _judged;
    private long _skipped;

    /// <summary>Rows since the start; for any thread.</summary>
    public RelationRows Rows =>
        new(Volatile.Read(ref _learnt), Volatile.Read(ref _judged), Volatile.Read(ref _skipped));

    /// <summary>
    /// Takes over what a slot is: an asset that is chosen as before goes on, one that is chosen otherwise learns anew.
    /// </summary>
    public void Follow(int slot, SignalInstance? signal)
    {
        RelationSeat before = table.Relations[slot];
        table.Relations[slot] = SeatOf(signal);
        if (table.Relations[slot].Watch is { } watch)
        {
            watch.MemberCount++;
        }

        if (before.Watch is { } left)
        {
            left.MemberCount--;
            RemoveIfLeft(left);
        }
    }

    /// <summary>Lets go of assets of a saved state that the site no longer chooses.</summary>
    public void Prune()
    {
        foreach (RelationWatch watch in _watches.Values)
        {
            RemoveIfLeft(watch); // a dictionary may lose entries while it is gone through
        }
    }

    /// <summary>Takes a sample that a sound sensor gave.</summary>
    /// <param name="slot">The field.</param>
    /// <param name="value">A finite number.</param>
    /// <param name="time">Event time.</param>
    /// <param name="offset">Its record.</param>
    /// <param name="listener">Told when the relations are other than they were.</param>
    public void Observe(int slot, double value, long time, long offset, IFindingListener listener)
    {
        (RelationWatch? watch, int place) = table.Relations[slot];
        if (watch is null)
        {
            return;
        }

        long number = watch.NumberOf(time);
        while (watch.IsBehind(number))
        {
            EndRow(watch, number, offset, listener);
        }

        watch.Put(place, number, value);
        if (watch.IsNextWhole)
        {
            EndRow(watch, number, offset, listener);
        }
    }

    /// <summary>Writes all assets.</summary>
    public void Save(StateWriter writer)
    {
        writer.Int32(_watches.Count);
        foreach (RelationWatch watch in _watches.Values)
        {
            watch.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>False when it is none.</returns>
    public bool TryRestore(ref StateReader reader)
    {
        int count = reader.Int32();
        for (int i = 0; i < count; i++)
        {
            if (RelationWatch.Restore(ref reader) is not { } watch || !_watches.TryAdd(watch.AssetId, watch))
            {
                return false;
            }
        }

        return !reader.IsFailed && count >= 0;
    }

    private RelationSeat SeatOf(SignalInstance? signal)
    {
        if (signal?.Asset is not { Relations: { } rule } asset || !rule.Signals.Contains(signal.Definition.Key))
        {
            return default;
        }

        if (!_watches.TryGetValue(asset.Id, out RelationWatch? watch) || !watch.Is(rule))
        {
            _watches[asset.Id] = watch = new RelationWatch(asset.Id, rule);
        }

        watch.Asset = asset;
        return new RelationSeat(watch, watch.PlaceOf(signal.Definition.Key));
    }

    private void RemoveIfLeft(RelationWatch watch)
    {
        if (watch.MemberCount == 0 && _watches.GetValueOrDefault(watch.AssetId) == watch)
        {
            _watches.Remove(watch.AssetId);
        }
    }

    private void EndRow(RelationWatch watch, long number, long offset, IFindingListener listener)
    {
        RowOutcome outcome = watch.EndRow(number);
        switch (outcome)
        {
            case RowOutcome.Empty:
                break;
            case RowOutcome.Skipped:
                Interlocked.Increment(ref _skipped);
                break;
            case RowOutcome.Learnt:
                Interlocked.Increment(ref _learnt);
                break;
            default:
                Interlocked.Increment(ref _judged);
                break;
        }

        if (outcome == RowOutcome.JudgedAndBegan)
        {
            Tell(watch, offset, listener);
        }
    }

    private void Tell(RelationWatch watch, long offset, IFindingListener listener)
    {
        var contributions = new SignalContribution[watch.SignalCount];
        watch.Explain(contributions);
        int[] places = [.. Enumerable.Range(0, contributions.Length).OrderByDescending(at => contributions[at].Share)];
        SignalContribution foremost = contributions[places[0]];
        Asset asset = watch.Asset!;
        var signal = new SignalInstance(
            asset,
            DefinitionOf(asset, watch.KeyAt(places[0])) with { Key = RelationRule.SignalKey, Name = "Relations" });
        if (StandInSignal.Bind(catalogue, RelationRule.SignalKey, "asset", signal) is not { } field)
        {
            return;
        }

        var named = places.Take(NamedMax).Where(at => at == places[0] || contributions[at].Share >= ShareMin);
        string since = Timestamp.ToDateTimeOffset(watch.Since)
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        string why = $"the signals of {asset.Id} do not go together as they did in the {watch.WarmUpRows} rows learnt "
            + $"from, since {since}: {string.Join(", ", named.Select(at => TextOf(watch, at, contributions[at])))}";
        var finding = new Finding(
            new Condition(field.Id, ConditionKind.Anomaly),
            FindingEdge.Began,
            watch.EndTime,
            offset,
            foremost.Observed,
            foremost.Expected,
            FindingClass.Process,
            why,
            FactsOf(watch, foremost));
        FindingMaker.Note(finding, isNotice: true, listener);
    }

    private static AnomalyFacts FactsOf(RelationWatch watch, in SignalContribution foremost) => new()
    {
        Channel = AnomalyChannel.Relation,
        IsUp = foremost.Observed >= foremost.Expected,
        Surprise = Math.Log10(watch.Statistic),
        Size = Math.Abs(foremost.Observed - foremost.Expected),
        Tolerance = BandDeviations * foremost.Deviation,
        HistoryDays = (watch.EndTime - watch.FirstTime) / (double)Timestamp.NanosecondsPerDay,
    };

    private static string TextOf(RelationWatch watch, int place, in SignalContribution one)
    {
        string key = watch.KeyAt(place);
        string unit = DefinitionOf(watch.Asset!, key).Unit;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.AssetId}.{key} {one.Observed:G4} {unit} in place of {one.Expected:G4} {unit} "
            + $"(share {100 * one.Share:F0} %)");
    }

    private static SignalDefinition DefinitionOf(Asset asset, string key) =>
        asset.Type.Signals.First(signal => signal.Key == key);
}
