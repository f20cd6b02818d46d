namespace Telemetry.Model;

/// <summary>Which signals of an asset are watched for the relations between them, and how.</summary>
/// <param name="Signals">Keys of signals of its type, two at least.</param>
/// <param name="PeriodSeconds">Each so many seconds of event time make a row of their values.</param>
/// <param name="WarmUpRows">Rows that are only learnt from.</param>
public sealed record RelationRule(IReadOnlyList<string> Signals, double PeriodSeconds, int WarmUpRows)
{
    /// <summary>Key of the signal that findings of relations are told of; it has no samples.</summary>
    public const string SignalKey = "relations";
}
