using System.Globalization;
using Telemetry.Detection;

namespace Telemetry.Rehearsal;

/// <summary>Each column for itself; a row is as unusual as its most unusual cell.</summary>
internal sealed class SeriesJudge(CsvRunOptions options) : IRowJudge
{
    private readonly AnomalyScorer[] _scorers =
        [.. options.Values.Select(_ => new AnomalyScorer(options.WarmUpRows, options.Context.Count))];

    /// <inheritdoc/>
    public string Column => "anomaly_score";

    /// <inheritdoc/>
    public string Judge(CsvRows row, out bool isTold)
    {
        isTold = false;
        if (LacksOne(row.Context))
        {
            return "0";
        }

        double share = 0;
        for (int i = 0; i < _scorers.Length; i++)
        {
            if (!double.IsNaN(row.Values[i]))
            {
                AnomalyScore score = _scorers[i].Observe(row.Time, row.Values[i], row.Context);
                share = Math.Max(share, score.Share);
                isTold |= score.IsTold;
            }
        }

        share = row.Count <= options.WarmUpRows ? 0 : share;
        return share.ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>Without one of its conditions a row cannot be judged.</summary>
    private static bool LacksOne(ReadOnlySpan<double> context)
    {
        foreach (double condition in context)
        {
            if (double.IsNaN(condition))
            {
                return true;
            }
        }

        return false;
    }
}
