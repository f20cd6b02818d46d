using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>
/// What an alarm is about. It is journalled with the alarm, so that a later change of the site file does not rewrite
/// what was said at the time.
/// </summary>
/// <param name="Id">Its name, see <see cref="AlarmIdentity"/>.</param>
/// <param name="Kind">The kind of condition.</param>
/// <param name="Priority">How soon someone must act.</param>
/// <param name="Asset">The asset's tag.</param>
/// <param name="Area">The area it stands in.</param>
/// <param name="Signal">The signal's key.</param>
/// <param name="SignalName">What people read for the signal.</param>
/// <param name="Unit">UCUM code of value and limit of a limit alarm.</param>
/// <param name="AssetName">What people read for the asset, in three languages.</param>
public sealed record AlarmDefinition(
    string Id,
    ConditionKind Kind,
    AlarmPriority Priority,
    string Asset,
    string Area,
    string Signal,
    string SignalName,
    string Unit,
    DisplayName AssetName)
{
    private const string LaneSignal = "spool";

    /// <summary>The definition of the alarm on a condition of a signal.</summary>
    public static AlarmDefinition For(SignalInstance signal, ConditionKind kind)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new AlarmDefinition(
            AlarmIdentity.Of(signal.Id, kind),
            kind,
            AlarmPriorities.Of(kind),
            signal.Asset.Id,
            signal.Asset.Area,
            signal.Definition.Key,
            signal.Definition.Name,
            signal.Definition.Unit,
            signal.Asset.Name);
    }

    /// <summary>The definition of the alarm on a lane of which messages gave way; it is on no signal.</summary>
    public static AlarmDefinition ForLane(string lane) => new(
        AlarmIdentity.Of($"{lane}.{LaneSignal}", ConditionKind.Dropped),
        ConditionKind.Dropped,
        AlarmPriorities.Of(ConditionKind.Dropped),
        lane,
        Area: "telemetry",
        LaneSignal,
        "Lane of the spool",
        "{message}",
        new DisplayName(lane));

    /// <summary>
    /// Unit of value and limit as this kind gives them: the signal's own, units per minute for a rate, seconds for
    /// a silence; of a flatline the value is in the signal's unit and the limit in seconds.
    /// </summary>
    public string ValueUnit => Kind switch
    {
        ConditionKind.RateOfChange => $"{Unit}/min",
        ConditionKind.Silence or ConditionKind.LateData => "s",
        _ => Unit,
    };

    /// <summary>Unit of the limit; see <see cref="ValueUnit"/>.</summary>
    public string LimitUnit => Kind == ConditionKind.Flatline ? "s" : ValueUnit;
}
