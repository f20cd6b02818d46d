using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>A series of a group and what of the condition is left for it.</summary>
internal readonly record struct GroupMember(SeriesEntry Series, SeriesCondition Condition);

/// <summary>The series whose samples end in one table of the answer.</summary>
/// <param name="Tags">The values of the dimensions; null without GROUP BY.</param>
/// <param name="Members">Its series.</param>
internal sealed record SeriesGroup(IReadOnlyList<Tag>? Tags, IReadOnlyList<GroupMember> Members);

/// <summary>Brings the series of a measurement into groups by their tags.</summary>
internal static class SeriesGroups
{
    /// <summary>The groups that SLIMIT and SOFFSET leave, in the order of their tags' values.</summary>
    public static IReadOnlyList<SeriesGroup> Of(SelectPlan plan, MeasurementEntry measurement)
    {
        var members = new Dictionary<string, List<GroupMember>>(StringComparer.Ordinal);
        foreach (SeriesEntry series in measurement.Series)
        {
            if (SeriesCondition.For(plan.Condition, series, measurement) is not { } condition)
            {
                continue;
            }

            string key = PagingKeyOf(series, plan.GroupTags);
            if (!members.TryGetValue(key, out List<GroupMember>? group))
            {
                members.Add(key, group = []);
            }

            group.Add(new GroupMember(series, condition));
        }

        IEnumerable<List<GroupMember>> wanted = plan.Statement.Series.Of(
            members.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Value));
        return
        [
            .. wanted
                .Select(group => new SeriesGroup(TagsOf(group[0].Series, plan.GroupTags), group))
                .OrderBy(OrderKeyOf, StringComparer.Ordinal),
        ];
    }

    private static string OrderKeyOf(SeriesGroup group) =>
        string.Join('\0', group.Tags?.Select(tag => tag.Value) ?? []);

    /// <summary>InfluxDB pages groups by the keys that a series really has, then by their values.</summary>
    private static string PagingKeyOf(SeriesEntry series, IReadOnlyList<string> dimensions)
    {
        List<string> present = [.. dimensions.Where(key => series.TagOf(key).Length > 0)];
        return string.Join('|', present.Concat(present.Select(series.TagOf)));
    }

    private static List<Tag>? TagsOf(SeriesEntry series, IReadOnlyList<string> dimensions) =>
        dimensions.Count == 0 ? null : [.. dimensions.Select(key => new Tag(key, series.TagOf(key)))];
}
