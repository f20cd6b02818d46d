using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The instants of a series at which a condition on its fields holds.</summary>
internal static class AcceptedTimes
{
    /// <summary>The instants in ascending order; null when the condition asks no field and all are accepted.</summary>
    public static long[]? Of(
        ISampleSource source, SeriesCondition condition, TimeRange range, QueryBudget budget)
    {
        if (condition.Remainder is null)
        {
            return null;
        }

        SampleColumn[] columns =
            [.. condition.Fields.Select(field => SampleColumn.Read(source, field, range, edge: 0, budget))];
        var accepted = new List<long>();
        var row = new Value[columns.Length];
        while (TryNextTime(columns, out long time))
        {
            for (int i = 0; i < columns.Length; i++)
            {
                row[i] = columns[i].ValueAt(time);
                columns[i].Pass(time);
            }

            if (Evaluation.Of(condition.Remainder, row).IsTrue)
            {
                accepted.Add(time);
            }
        }

        foreach (SampleColumn column in columns)
        {
            column.Release();
        }

        return [.. accepted];
    }

    /// <summary>Reads the samples of a field at such instants; all where <paramref name="accepted"/> is null.</summary>
    public static void Read<TVisitor>(
        ISampleSource source, Field field, FieldType? cast, in TimeRange range, long[]? accepted, TVisitor visitor)
        where TVisitor : ISampleVisitor
    {
        if (accepted is null)
        {
            Casting.Read(source, field, cast, range, ref visitor);
        }
        else if (accepted.Length > 0)
        {
            var some = new AcceptedSamples<TVisitor>(visitor, accepted);
            Casting.Read(source, field, cast, range, ref some);
        }
    }

    /// <summary>The least time any cursor stands on.</summary>
    public static bool TryNextTime(ReadOnlySpan<SampleColumn> columns, out long time)
    {
        time = long.MaxValue;
        bool found = false;
        foreach (SampleColumn column in columns)
        {
            if (!column.AtEnd)
            {
                found = true;
                time = Math.Min(time, column.CursorTime);
            }
        }

        return found;
    }
}
