using System.Globalization;
using Telemetry.Detection;
using Telemetry.Detection.Assets;

namespace Telemetry.Rehearsal;

/// <summary>Which columns of a file are watched, and by what.</summary>
public sealed record CsvRunOptions
{
    /// <summary>Observations that are only learnt from, when nothing is said.</summary>
    public const int WarmUpDefault = 500;

    /// <summary>What stands between two cells.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Name of the column with the time.</summary>
    public required string Time { get; init; }

    /// <summary>Names of the columns that are watched.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Names of the columns that each watched one is held against.</summary>
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>1: each column for itself; 2: all columns together, as signals of one asset.</summary>
    public int Tier { get; init; } = 1;

    /// <summary>Rows at the start that are only learnt from.</summary>
    public int WarmUpRows { get; init; } = WarmUpDefault;

    /// <summary>Refuses what cannot be run.</summary>
    /// <exception cref="RehearsalException">An option is out of bounds.</exception>
    public void Require()
    {
        if (Values.Count == 0)
        {
            throw new RehearsalException("cannot run detectors: no column is named; give --values A,B");
        }

        RequireBetween(Tier, 1, 2, "tier {0}; give --tier 1 or 2");
        int least = Tier == 1 ? 1 : AssetLimits.WarmUpRowsMin;
        RequireBetween(WarmUpRows, least, AssetLimits.WarmUpRowsMax, $"a warm-up of {{0}} rows; give {least} or more");
        RequireBetween(Context.Count, 0, AnomalyScorer.CovariateCountMax, "a context of {0} columns; give 3 at most");
        if (Tier == 2)
        {
            RequireBetween(Values.Count, 1, AssetLimits.SignalCountMax, "{0} columns of one asset; give 64 at most");
            RequireBetween(Context.Count, 0, 0, "a context of {0} columns in tier 2; name them with --values");
        }
    }

    private static void RequireBetween(int found, int low, int high, string fault)
    {
        if (found < low || found > high)
        {
            string text = string.Format(CultureInfo.InvariantCulture, fault, found);
            throw new RehearsalException($"cannot run detectors: {text}");
        }
    }
}
