namespace Telemetry.Alarms;

/// <summary>What the table says to a trigger.</summary>
public enum TransitionAnswer : byte
{
    /// <summary>The alarm moves, and the journal says so.</summary>
    Moves = 0,

    /// <summary>It is so already; nothing is written.</summary>
    Stays = 1,

    /// <summary>An operator asked for what cannot be; nothing is written and the operator is told.</summary>
    Refused = 2,
}

/// <summary>One cell of the table.</summary>
/// <param name="From">The state before.</param>
/// <param name="Trigger">What happens.</param>
/// <param name="To">The state after.</param>
/// <param name="Answer">Whether it moves.</param>
/// <param name="Effects">What follows from it.</param>
public readonly record struct AlarmTransition(
    AlarmState From, AlarmTrigger Trigger, AlarmState To, TransitionAnswer Answer, AlarmEffects Effects);

/// <summary>
/// The alarm's life as a table: every state with every trigger. There is no other place that decides on a state.
/// </summary>
public static class AlarmTransitions
{
    private const int TriggerCount = 4;

    private static readonly AlarmTransition[] Table =
    [
        Moves(AlarmState.Normal, AlarmTrigger.ConditionBegan, AlarmState.Unacknowledged, AlarmEffects.Annunciate),
        Stays(AlarmState.Normal, AlarmTrigger.ConditionEnded),
        Refuses(AlarmState.Normal, AlarmTrigger.Acknowledge),
        Stays(AlarmState.Normal, AlarmTrigger.Withdraw),

        Stays(AlarmState.Unacknowledged, AlarmTrigger.ConditionBegan),
        Moves(
            AlarmState.Unacknowledged,
            AlarmTrigger.ConditionEnded,
            AlarmState.ReturnedUnacknowledged,
            AlarmEffects.Returned),
        Moves(AlarmState.Unacknowledged, AlarmTrigger.Acknowledge, AlarmState.Acknowledged, AlarmEffects.Hush),
        Moves(
            AlarmState.Unacknowledged,
            AlarmTrigger.Withdraw,
            AlarmState.Normal,
            AlarmEffects.Hush | AlarmEffects.Clear),

        Stays(AlarmState.Acknowledged, AlarmTrigger.ConditionBegan),
        Moves(
            AlarmState.Acknowledged,
            AlarmTrigger.ConditionEnded,
            AlarmState.Normal,
            AlarmEffects.Returned | AlarmEffects.Clear),
        Refuses(AlarmState.Acknowledged, AlarmTrigger.Acknowledge),
        Moves(AlarmState.Acknowledged, AlarmTrigger.Withdraw, AlarmState.Normal, AlarmEffects.Clear),

        Moves(
            AlarmState.ReturnedUnacknowledged,
            AlarmTrigger.ConditionBegan,
            AlarmState.Unacknowledged,
            AlarmEffects.Annunciate),
        Stays(AlarmState.ReturnedUnacknowledged, AlarmTrigger.ConditionEnded),
        Moves(
            AlarmState.ReturnedUnacknowledged,
            AlarmTrigger.Acknowledge,
            AlarmState.Normal,
            AlarmEffects.Hush | AlarmEffects.Clear),
        Moves(
            AlarmState.ReturnedUnacknowledged,
            AlarmTrigger.Withdraw,
            AlarmState.Normal,
            AlarmEffects.Hush | AlarmEffects.Clear),
    ];

    /// <summary>All cells, state by state.</summary>
    public static IReadOnlyList<AlarmTransition> All => Table;

    /// <summary>What a trigger does in a state.</summary>
    public static AlarmTransition Of(AlarmState state, AlarmTrigger trigger) =>
        Table[((int)state * TriggerCount) + (int)trigger];

    private static AlarmTransition Moves(AlarmState from, AlarmTrigger trigger, AlarmState to, AlarmEffects effects) =>
        new(from, trigger, to, TransitionAnswer.Moves, effects);

    private static AlarmTransition Stays(AlarmState state, AlarmTrigger trigger) =>
        new(state, trigger, state, TransitionAnswer.Stays, AlarmEffects.None);

    private static AlarmTransition Refuses(AlarmState state, AlarmTrigger trigger) =>
        new(state, trigger, state, TransitionAnswer.Refused, AlarmEffects.None);
}
