using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>Findings of a slot with all that is known of it, and who is to hear of them.</summary>
internal static class FindingMaker
{
    /// <summary>A finding with its class, what is known of an anomaly, and whose fault it seems to be.</summary>
    public static Finding Of(
        WatchTable table,
        int slot,
        in LaneClock clock,
        ConditionKind kind,
        FindingEdge edge,
        long time,
        long offset,
        double value,
        double limit,
        string explanation)
    {
        var condition = new Condition(table.Watches[slot].FieldId, kind);
        FindingClass origin = FindingClasses.Of(table, slot, kind, value, clock);
        string whose = edge == FindingEdge.Began ? FindingClasses.TextOf(origin) : "";
        string why = explanation.Length > 0 && whose.Length > 0 ? $"{explanation}; {whose}" : explanation + whose;
        AnomalyFacts? facts = kind == ConditionKind.Anomaly ? table.Anomalies[slot]!.Facts : null;
        return new Finding(condition, edge, time, offset, value, limit, origin, why, facts);
    }

    /// <summary>Tells of it, or that a verdict keeps people from being told.</summary>
    public static void Tell(WatchTable table, int slot, in Finding finding, IFindingListener listener)
    {
        if (finding.Condition.Kind == ConditionKind.Anomaly && table.Anomalies[slot]!.HeldBy is var held and not 0)
        {
            listener.OnHeld(finding, held);
        }
        else
        {
            listener.OnFinding(finding);
        }
    }

    /// <summary>Tells of an anomaly that has become worth a look, or has grown.</summary>
    public static void Note(in Finding found, bool isNotice, IFindingListener listener)
    {
        if (isNotice)
        {
            listener.OnNotice(found);
        }
        else
        {
            listener.OnGrown(found);
        }
    }
}
