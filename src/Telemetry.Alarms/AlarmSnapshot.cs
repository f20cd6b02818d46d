using System.Collections.Immutable;
using Telemetry.Model;

namespace Telemetry.Alarms;

/// <summary>The board at one moment; immutable, for any thread.</summary>
public sealed class AlarmSnapshot
{
    private readonly ImmutableDictionary<string, Alarm> _alarms;

    internal AlarmSnapshot(long sequence, ImmutableDictionary<string, Alarm> alarms)
    {
        Sequence = sequence;
        _alarms = alarms;
    }

    /// <summary>Number of the last journal record in it; 0 for an empty journal.</summary>
    public long Sequence { get; }

    /// <summary>How many alarms are known, normal ones included.</summary>
    public int Count => _alarms.Count;

    /// <summary>All alarms that ever moved, in no order.</summary>
    public IEnumerable<Alarm> All => _alarms.Values;

    /// <summary>Alarms that are not normal, in no order.</summary>
    public IEnumerable<Alarm> Standing => _alarms.Values.Where(alarm => alarm.IsStanding);

    /// <summary>The alarm of that name.</summary>
    public bool TryFind(string alarmId, out Alarm? alarm) => _alarms.TryGetValue(alarmId, out alarm);

    /// <summary>
    /// True when a worse alarm on the same signal is present: H under HH, L under LL. A covered alarm lives on as it
    /// is, but is not annunciated, and a list shows it behind the worse one.
    /// </summary>
    public bool IsCovered(Alarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return IsCovered(_alarms, alarm.Definition);
    }

    internal static bool IsCovered(ImmutableDictionary<string, Alarm> alarms, AlarmDefinition definition)
    {
        ConditionKind? worse = definition.Kind switch
        {
            ConditionKind.High => ConditionKind.HighHigh,
            ConditionKind.Low => ConditionKind.LowLow,
            _ => null,
        };
        return worse is { } kind
            && alarms.TryGetValue(AlarmIdentity.Of($"{definition.Asset}.{definition.Signal}", kind), out Alarm? above)
            && above.IsPresent;
    }
}
