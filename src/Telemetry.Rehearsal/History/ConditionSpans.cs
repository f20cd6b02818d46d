using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>When the conditions of a rehearsal stood.</summary>
public sealed class ConditionSpans
{
    private readonly Dictionary<(string Signal, ConditionKind Kind), List<ConditionSpan>> _spans = [];

    /// <summary>
    /// Those that stood in a settled pass while none of their kind stood on their signal as the data came: what was
    /// learned late. By beginning.
    /// </summary>
    /// <param name="settled">Of the settled pass.</param>
    /// <param name="live">Of the pass by arrival, over the same span.</param>
    public static IReadOnlyList<ConditionSpan> LearnedLate(ConditionSpans settled, ConditionSpans live)
    {
        ArgumentNullException.ThrowIfNull(settled);
        ArgumentNullException.ThrowIfNull(live);
        return
        [
            .. settled._spans.Values.SelectMany(spans => spans).Where(span => !live.Overlaps(span))
                .OrderBy(span => span.Began).ThenBy(span => span.Signal, StringComparer.Ordinal)
                .ThenBy(span => span.Kind),
        ];
    }

    internal void OnFinding(SignalInstance signal, in Finding finding)
    {
        (string, ConditionKind) key = (signal.Id, finding.Condition.Kind);
        if (!_spans.TryGetValue(key, out List<ConditionSpan>? spans))
        {
            _spans.Add(key, spans = []);
        }

        if (finding.Edge == FindingEdge.Began)
        {
            spans.Add(new ConditionSpan(signal.Id, finding.Condition.Kind, finding.Time, long.MaxValue));
        }
        else if (spans.Count > 0)
        {
            spans[^1] = spans[^1] with { Ended = finding.Time };
        }
    }

    private bool Overlaps(ConditionSpan span) =>
        _spans.TryGetValue((span.Signal, span.Kind), out List<ConditionSpan>? spans)
        && spans.Exists(one => one.Began <= span.Ended && span.Began <= one.Ended);
}
