using System.Runtime.CompilerServices;
using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>The four limit conditions of one field.</summary>
[InlineArray(LimitDetector.KindCount)]
internal struct LimitSwitches
{
    private DelayedSwitch _first;
}

/// <summary>State of the limit detector for one field.</summary>
internal struct LimitState
{
    /// <summary>True when any of the four conditions stands or is pending.</summary>
    public bool IsBusy;

    /// <summary>Indexed by the number of the <see cref="ConditionKind"/>, LowLow to HighHigh.</summary>
    public LimitSwitches Switches;
}

/// <summary>
/// Absolute limits with deadband and delays. A value beyond a limit for the on-delay begins the condition; a value back
/// inside by the deadband for the off-delay ends it. The four are independent: a value beyond HH is beyond H as well.
/// </summary>
internal static class LimitDetector
{
    /// <summary>LowLow, Low, High, HighHigh.</summary>
    public const int KindCount = 4;

    /// <summary>True when the value passes no limit and nothing stands or is pending: there is nothing to do.</summary>
    public static bool IsQuiet(in LimitState state, WatchRule rule, double value) =>
        !state.IsBusy && value >= rule.QuietLow && value <= rule.QuietHigh;

    /// <summary>Judges one value against one of the limits; a kind without a limit stays as it is.</summary>
    public static Verdict Judge(
        ref LimitState state, WatchRule rule, ConditionKind kind, double value, long time)
    {
        double limit = rule.LimitOf(kind);
        bool isLow = kind <= ConditionKind.Low;
        bool beyond = isLow ? value < limit : value > limit;
        bool back = isLow ? value >= limit + rule.Deadband : value <= limit - rule.Deadband;
        return state.Switches[(int)kind].Step(beyond, back, time, rule.OnDelay, rule.OffDelay);
    }

    /// <summary>Brings <see cref="LimitState.IsBusy"/> up to date after judging.</summary>
    public static void Settle(ref LimitState state)
    {
        state.IsBusy = false;
        foreach (ref readonly DelayedSwitch one in state.Switches)
        {
            state.IsBusy |= one.IsBusy;
        }
    }
}
