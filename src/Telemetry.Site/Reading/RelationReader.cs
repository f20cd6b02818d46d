using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>
/// Reads the key <c>relations</c> of an equipment type or an asset: which signals are watched together.
/// </summary>
internal static class RelationReader
{
    public const string Key = "relations";

    private const string Signals = "signals";
    private const string Every = "every";
    private const string Learn = "learn";
    private const string Nothing = "none";
    private const double EveryDefault = 60;
    private const double LearnDaysDefault = 14; // from here on each hour of the day has been seen often
    private const double LearnDaysMax = 366;
    private const double SecondsPerDay = 86_400;

    private static readonly string[] Keys = [Signals, Every, Learn];

    /// <summary>The rule of a type or an asset; an asset without one has that of its type.</summary>
    /// <param name="owner">The section of the type or the asset.</param>
    /// <param name="type">The type.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public static RelationRule? Read(Section owner, EquipmentType type, FaultList faults)
    {
        Node? value = owner.Find(Key);
        if (value is null or { Kind: NodeKind.Scalar, Text: Nothing })
        {
            return value is null ? type.Relations : null;
        }

        Section section = owner.Child(Key, Keys);
        if (type.Signals.Any(signal => signal.Key == RelationRule.SignalKey))
        {
            section.Report(
                Signals,
                $"cannot watch relations of type {type.Key}: findings go by the name \"{RelationRule.SignalKey}\", "
                + "which is one of its signals; rename that signal");
        }

        double every = section.Number(Every, EveryDefault, 1, SiteLimits.RelationSecondsMax);
        return new RelationRule(ReadSignals(section, type, every, faults), every, ReadRows(section, every));
    }

    /// <summary>Says when there are more than may be watched.</summary>
    public static void CheckCeiling(Section site, IEnumerable<Asset> assets)
    {
        int count = assets.Count(asset => asset is { Enabled: true, Relations: not null });
        if (count > SiteLimits.RelationAssetCountMax)
        {
            site.Report(
                "assets",
                $"expected relations of at most {SiteLimits.RelationAssetCountMax} assets, found {count}; write "
                + $"\"{Key}: {Nothing}\" at some");
        }
    }

    private static List<string> ReadSignals(Section section, EquipmentType type, double every, FaultList faults)
    {
        var keys = new List<string>();
        IReadOnlyList<Node> items = section.Items(Signals);
        for (int i = 0; i < items.Count; i++)
        {
            string key = items[i].Text;
            if (FaultOf(items[i], type, every, keys) is { } fault)
            {
                faults.Add(items[i], $"{section.PathOf(Signals)}[{i}]", fault);
            }

            keys.Add(key);
        }

        if (keys.Count is < SiteLimits.RelationSignalCountMin or > SiteLimits.RelationSignalCountMax)
        {
            section.Report(
                Signals,
                $"expected {SiteLimits.RelationSignalCountMin} to {SiteLimits.RelationSignalCountMax} signals, found "
                + $"{keys.Count}; write \"{Signals}: [motor_current, power]\"");
        }

        return keys;
    }

    private static string? FaultOf(Node item, EquipmentType type, double every, List<string> before)
    {
        string key = item.Text;
        if (item.Kind != NodeKind.Scalar)
        {
            return $"expected text, found {item.Describe()}; write one value";
        }

        if (type.Signals.FirstOrDefault(signal => signal.Key == key) is not { } known)
        {
            string hint = Suggestion.For(key, [.. type.Signals.Select(signal => signal.Key)]);
            return $"cannot use signal \"{key}\": type {type.Key} has none such; {hint}";
        }

        if (before.Contains(key))
        {
            return $"cannot use signal \"{key}\" twice; remove one";
        }

        double enough = Math.Min(2 * known.PeriodSeconds, SiteLimits.RelationSecondsMax);
        return known.PeriodSeconds <= every ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"cannot use signal \"{key}\": it comes each {known.PeriodSeconds} s and a row is made each {every} s, so "
            + $"that most had none of it; write \"{Every}: {enough}\" or leave it out");
    }

    private static int ReadRows(Section section, double every)
    {
        double days = section.Number(Learn, LearnDaysDefault, 0, LearnDaysMax);
        int rows = (int)Math.Ceiling(days * SecondsPerDay / every);
        if (section.Has(Learn) && rows < SiteLimits.RelationRowsMin)
        {
            section.Report(Learn, string.Create(
                CultureInfo.InvariantCulture,
                $"cannot learn in {days} days: at a row each {every} s these are {rows} rows, and relations take "
                + $"{SiteLimits.RelationRowsMin}; write \"{Learn}: "
                + $"{Math.Ceiling(10 * SiteLimits.RelationRowsMin * every / SecondsPerDay) / 10}\" or more"));
        }

        return Math.Max(rows, SiteLimits.RelationRowsMin);
    }
}
