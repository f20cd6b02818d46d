using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>What a watched field is, beside the states of its detectors.</summary>
internal struct FieldWatch
{
    /// <summary>The field in the catalogue.</summary>
    public int FieldId;

    /// <summary>Event time of the last judged sample.</summary>
    public long LastTime;

    /// <summary>The signal whose rule is in use; null when the field has none, or none yet after a restart.</summary>
    public SignalInstance? Signal;

    /// <summary>Identity of the signal that the states belong to; empty when there is none.</summary>
    public string SignalId;

    /// <summary>The rule in use.</summary>
    public WatchRule Rule;
}

/// <summary>
/// States of all watched fields, one array per detector, one slot per field in the order in which they were first seen.
/// A field without a signal costs four bytes.
/// </summary>
internal sealed class WatchTable
{
    private const int SlotCountMin = 64;
    private int[] _slotByField = []; // slot + 1, so that a grown array says "none" by itself

    public FieldWatch[] Watches = new FieldWatch[SlotCountMin];
    public LimitState[] Limits = new LimitState[SlotCountMin];
    public RateState[] Rates = new RateState[SlotCountMin];
    public FlatlineState[] Flatlines = new FlatlineState[SlotCountMin];
    public SilenceState[] Silences = new SilenceState[SlotCountMin];

    public int Count { get; private set; }

    /// <summary>The slot of a field, −1 when it has none.</summary>
    public int Find(int fieldId) => (uint)fieldId < (uint)_slotByField.Length ? _slotByField[fieldId] - 1 : -1;

    /// <summary>Gives a field a slot with nothing in it.</summary>
    public int Add(int fieldId)
    {
        if (Count == Watches.Length)
        {
            int length = Count * 2;
            Array.Resize(ref Watches, length);
            Array.Resize(ref Limits, length);
            Array.Resize(ref Rates, length);
            Array.Resize(ref Flatlines, length);
            Array.Resize(ref Silences, length);
        }

        if (fieldId >= _slotByField.Length)
        {
            Array.Resize(ref _slotByField, Math.Max(fieldId + 1, _slotByField.Length * 2));
        }

        int slot = Count++;
        _slotByField[fieldId] = slot + 1;
        Watches[slot] = new FieldWatch
        {
            FieldId = fieldId,
            LastTime = long.MinValue,
            SignalId = "",
            Rule = WatchRule.Nothing,
        };
        return slot;
    }

    /// <summary>True when the condition stands.</summary>
    public bool IsOn(int slot, ConditionKind kind) => kind switch
    {
        ConditionKind.RateOfChange => Rates[slot].Switch.IsOn,
        ConditionKind.Flatline => Flatlines[slot].IsOn,
        ConditionKind.Silence => Silences[slot].IsOn,
        ConditionKind.LateData => false,
        _ => Limits[slot].Switches[(int)kind].IsOn,
    };

    /// <summary>Forgets what one detector knows of a field.</summary>
    public void Forget(int slot, ConditionKind kind)
    {
        switch (kind)
        {
            case ConditionKind.RateOfChange:
                Rates[slot] = default;
                break;
            case ConditionKind.Flatline:
                Flatlines[slot] = default;
                break;
            case ConditionKind.Silence:
                Silences[slot].IsOn = false;
                break;
            case ConditionKind.LateData:
                break;
            default:
                Limits[slot].Switches[(int)kind] = default;
                LimitDetector.Settle(ref Limits[slot]);
                break;
        }
    }
}
