using System.Globalization;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>The anomaly watches of all slots, and the covariates between them.</summary>
/// <param name="table">The slots.</param>
internal sealed class AnomalyWatches(WatchTable table)
{

    private readonly Dictionary<string, Covariate> _covariates = new(StringComparer.Ordinal);

    /// <summary>What operators said, by signal.</summary>
    public IReadOnlyDictionary<string, SeriesVerdicts> Verdicts { get; private set; } =
        new Dictionary<string, SeriesVerdicts>();

    /// <summary>Takes what operators said, by signal.</summary>
    public void Take(IReadOnlyDictionary<string, SeriesVerdicts> verdicts)
    {
        Verdicts = verdicts;
        for (int slot = 0; slot < table.Count; slot++)
        {
            if (table.Anomalies[slot] is { } watch)
            {
                watch.Verdicts = verdicts.GetValueOrDefault(table.Watches[slot].SignalId);
            }
        }
    }

    /// <summary>Takes over the rule of a slot that has changed.</summary>
    public void Follow(int slot, SignalInstance? signal, WatchRule rule)
    {
        Feed(slot);
        if (signal is null || !rule.Watches(ConditionKind.Anomaly))
        {
            return;
        }

        if (table.Anomalies[slot] is not null || table.AnomalyCount < DetectionLimits.AnomalyCountMax)
        {
            Covariate[] covariates = [.. NamesOf(signal).Select(CovariateOf)];
            AnomalyWatch watch = table.AnomalyOf(slot);
            watch.Attach(covariates, IsSlow(signal), hasAir: signal.Ambient.Length > 0);
            watch.Verdicts = Verdicts.GetValueOrDefault(signal.Id);
        }
    }

    /// <summary>Judges a sample.</summary>
    /// <param name="slot">The field.</param>
    /// <param name="value">A finite number.</param>
    /// <param name="time">Event time.</param>
    /// <param name="isSound">False when the sensor is at fault: then nothing is judged nor learnt.</param>
    /// <param name="now">Lane time.</param>
    /// <param name="isNotice">True when it has become worth a look.</param>
    /// <returns>Whether the condition began or ended.</returns>
    public Verdict Observe(int slot, double value, long time, bool isSound, long now, out bool isNotice)
    {
        isNotice = false;
        if (isSound)
        {
            table.Covariates[slot]?.Observe(value, time);
        }

        if (table.Anomalies[slot] is not { } watch)
        {
            return Verdict.Unchanged;
        }

        bool wasNoticed = watch.IsNoticed;
        Verdict verdict = watch.Observe(value, time, isSound, now);
        isNotice = watch.IsNoticed && !wasNoticed;
        return verdict;
    }

    /// <summary>The nearer end of what would have been usual.</summary>
    public double LimitOf(int slot)
    {
        AnomalyWatch watch = table.Anomalies[slot]!;
        return watch.Expected + Math.CopySign(watch.Tolerance, watch.Observed - watch.Expected);
    }

    /// <summary>Why a person is told, in one sentence.</summary>
    public string Explain(int slot)
    {
        AnomalyWatch watch = table.Anomalies[slot]!;
        SignalInstance signal = table.Watches[slot].Signal!;
        (double low, double high) = (watch.Expected - watch.Tolerance, watch.Expected + watch.Tolerance);
        string unit = signal.Definition.Unit;
        string conditions = string.Join(", ", NamesOf(signal).Zip(
            watch.Conditions.ToArray(), (name, value) => $"{name} {Number(value)}"));
        string under = conditions.Length > 0 ? $" at {conditions}" : " at this time of day";
        double days = watch.HistoryNanoseconds / (double)Timestamp.NanosecondsPerDay;
        return $"{Number(watch.Observed)} {unit} in place of {Number(low)} to {Number(high)}{under}; "
            + $"{AnomalyDetector.NameOf(watch.Foremost)}; "
            + $"once in about {Number(days * Math.Pow(10, watch.Surprise))} days";
    }

    /// <summary>Writes the covariates; the watches themselves go with their fields.</summary>
    public void Save(StateWriter writer)
    {
        writer.Int32(_covariates.Count);
        foreach ((string signalId, Covariate covariate) in _covariates)
        {
            writer.Text(signalId);
            covariate.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>False when it is none.</returns>
    public bool TryRestore(ref StateReader reader)
    {
        int count = reader.Int32();
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            string signalId = Encoding.UTF8.GetString(reader.Block());
            _covariates[signalId] = Covariate.Restore(ref reader);
        }

        return !reader.IsFailed && count >= 0;
    }

    /// <summary>From now on the slot's samples are what others are held against, when some are.</summary>
    private void Feed(int slot) => table.Covariates[slot] =
        table.Watches[slot].Signal is { } signal ? _covariates.GetValueOrDefault(signal.Id) : null;

    private Covariate CovariateOf(string signalId)
    {
        if (!_covariates.TryGetValue(signalId, out Covariate? covariate))
        {
            covariate = new Covariate();
            _covariates.Add(signalId, covariate);
            for (int slot = 0; slot < table.Count; slot++)
            {
                Feed(slot);
            }
        }

        return covariate;
    }

    private static IEnumerable<string> NamesOf(SignalInstance signal) =>
        new[] { signal.Ambient, signal.Load }.Where(name => name.Length > 0);

    private static bool IsSlow(SignalInstance signal) =>
        signal.Definition.PeriodSeconds * Timestamp.NanosecondsPerSecond >= AnomalyWatch.Interval;

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
