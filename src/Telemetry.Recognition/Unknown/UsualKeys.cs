using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>Keys under which gateways put a sample's name, value, time and quality; any case.</summary>
internal static class UsualKeys
{
    private static readonly string[] Names =
    [
        "name", "tagname", "tag_name", "tag", "id", "signal", "sensor", "metric", "variable", "point", "channel", "key",
        "n",
    ];

    private static readonly string[] Values = ["value", "v", "val", "reading"];

    private static readonly string[] Times =
    [
        "time", "timestamp", "ts", "t", "datetime", "date_time", "event_time", "eventtime", "sourcetimestamp",
        "timestamp_ms", "ts_ms", "tst", "last_updated", "updated_at", "created_at",
    ];

    private static readonly string[] Qualities = ["quality", "q", "qc", "status_code", "statuscode"];

    /// <summary>The member that names the object; null when there is none.</summary>
    public static string? NameIn(PayloadNode node) =>
        First(node, Names, found => found.Kind is NodeKind.Text or NodeKind.Number);

    /// <summary>The member that is its value.</summary>
    public static string? ValueIn(PayloadNode node) => First(node, Values, found => found.IsScalar);

    /// <summary>The member that is its quality.</summary>
    public static string? QualityIn(PayloadNode node) => First(node, Qualities, found => found.IsScalar);

    /// <summary>The member that is its time, and the unit of a number there.</summary>
    public static (string Key, TimePrecision Precision, PayloadNode Node)? TimeIn(PayloadNode node)
    {
        string? key = First(node, Times, found => PrecisionOf(found) is not null || ValueShape.LocalTime.Fits(found));
        PayloadNode? found = key is null ? null : node.Member(key);
        return found is null ? null : (key!, PrecisionOf(found) ?? TimePrecision.Milliseconds, found);
    }

    /// <summary>The unit that makes a number a time of this century; milliseconds for a written time.</summary>
    private static TimePrecision? PrecisionOf(PayloadNode node)
    {
        double number = node.Kind == NodeKind.Number ? node.Number : double.NaN;
        return ValueShape.IsoTime.Fits(node) ? TimePrecision.Milliseconds
            : number is >= 1e9 and < 5e9 ? TimePrecision.Seconds
            : number is >= 1e12 and < 5e12 ? TimePrecision.Milliseconds
            : number is >= 1e15 and < 5e15 ? TimePrecision.Microseconds
            : number is >= 1e18 and < 5e18 ? TimePrecision.Nanoseconds
            : null;
    }

    private static string? First(PayloadNode node, string[] keys, Func<PayloadNode, bool> fits) => keys
        .SelectMany(key => node.Members.Where(member =>
            string.Equals(member.Key, key, StringComparison.OrdinalIgnoreCase) && fits(member.Value)))
        .Select(member => member.Key)
        .FirstOrDefault();
}
