using Telemetry.Detection.Assets;
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

    /// <summary>The signals that come through the same gateway; null when none is named.</summary>
    public SignalGroup? Gateway;

    /// <summary>The signals of the same asset.</summary>
    public SignalGroup? Asset;

    /// <summary>True while both groups count it as watched for anomalies.</summary>
    public bool IsCounted;

    /// <summary>Minute of <see cref="LaneClock.Listening"/> in which it was last unusual; 0 for never.</summary>
    public long UnusualMinute;
}

/// <summary>
/// States of all watched fields, one array per detector, one slot per field in the order in which they were first seen.
/// A field without a signal costs four bytes.
/// </summary>
internal sealed class WatchTable
{
    private const int SlotCountMin = 64;
    private readonly Dictionary<string, SignalGroup> _gateways = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SignalGroup> _assets = new(StringComparer.Ordinal);
    private int[] _slotByField = []; // slot + 1, so that a grown array says "none" by itself

    public FieldWatch[] Watches = new FieldWatch[SlotCountMin];
    public LimitState[] Limits = new LimitState[SlotCountMin];
    public RateState[] Rates = new RateState[SlotCountMin];
    public FlatlineState[] Flatlines = new FlatlineState[SlotCountMin];
    public SilenceState[] Silences = new SilenceState[SlotCountMin];
    public RangeState[] Ranges = new RangeState[SlotCountMin];
    public AnomalyWatch?[] Anomalies = new AnomalyWatch?[SlotCountMin];
    public Covariate?[] Covariates = new Covariate?[SlotCountMin];
    public RelationSeat[] Relations = new RelationSeat[SlotCountMin];

    /// <summary>Signals watched for anomalies.</summary>
    public int AnomalyCount { get; private set; }

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
            Array.Resize(ref Ranges, length);
            Array.Resize(ref Anomalies, length);
            Array.Resize(ref Covariates, length);
            Array.Resize(ref Relations, length);
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

    /// <summary>The anomaly watch of a slot, which has one from now on.</summary>
    public AnomalyWatch AnomalyOf(int slot)
    {
        AnomalyCount += Anomalies[slot] is null ? 1 : 0;
        return Anomalies[slot] ??= new AnomalyWatch();
    }

    /// <summary>Gives a slot the anomaly watch that was saved with it.</summary>
    public void Restore(int slot, AnomalyWatch watch)
    {
        AnomalyCount++;
        Anomalies[slot] = watch;
    }

    /// <summary>Takes a slot out of its groups.</summary>
    public void Leave(int slot)
    {
        ref FieldWatch watch = ref Watches[slot];
        if (watch.IsCounted)
        {
            watch.Gateway?.Leave(watch.UnusualMinute);
            watch.Asset!.Leave(watch.UnusualMinute);
        }

        Release(_gateways, watch.Gateway);
        Release(_assets, watch.Asset);
        (watch.Gateway, watch.Asset, watch.IsCounted) = (null, null, false);
    }

    /// <summary>Puts a slot that is in no groups into those of its signal.</summary>
    public void Join(int slot)
    {
        ref FieldWatch watch = ref Watches[slot];
        if (watch.Signal is not { } signal)
        {
            return;
        }

        string gateway = signal.Asset.Gateway;
        watch.Gateway = gateway.Length > 0 ? GroupOf(_gateways, gateway) : null;
        watch.Asset = GroupOf(_assets, signal.Asset.Id);
        watch.IsCounted = Anomalies[slot] is not null;
        if (watch.IsCounted)
        {
            watch.Gateway?.Join(watch.UnusualMinute);
            watch.Asset.Join(watch.UnusualMinute);
        }
    }

    /// <summary>Notes that a slot is unusual.</summary>
    public void MarkUnusual(int slot, long minute)
    {
        ref FieldWatch watch = ref Watches[slot];
        if (watch.IsCounted && watch.UnusualMinute != minute)
        {
            watch.Gateway?.MoveUnusual(watch.UnusualMinute, minute);
            watch.Asset!.MoveUnusual(watch.UnusualMinute, minute);
            watch.UnusualMinute = minute;
        }
    }

    /// <summary>Counts in all groups of how many signals much is missing.</summary>
    public void CountGaps(long listening)
    {
        foreach (SignalGroup group in _gateways.Values.Concat(_assets.Values))
        {
            group.BeginCount();
        }

        for (int slot = 0; slot < Count; slot++)
        {
            ref readonly SilenceState silence = ref Silences[slot];
            if (silence.IsHeard && silence.Span > 0)
            {
                bool isGappy = SilenceDetector.IsGappy(silence, listening);
                Watches[slot].Gateway?.Count(isGappy);
                Watches[slot].Asset?.Count(isGappy);
            }
        }
    }

    /// <summary>True when the condition stands.</summary>
    public bool IsOn(int slot, ConditionKind kind) => kind switch
    {
        ConditionKind.RateOfChange => Rates[slot].Switch.IsOn,
        ConditionKind.Flatline => Flatlines[slot].IsOn,
        ConditionKind.Silence => Silences[slot].IsOn,
        ConditionKind.OutOfRange => Ranges[slot].IsOn,
        ConditionKind.Anomaly => Anomalies[slot] is { IsOn: true },
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
            case ConditionKind.OutOfRange:
                Ranges[slot] = default;
                break;
            case ConditionKind.Anomaly:
                AnomalyCount -= Anomalies[slot] is null ? 0 : 1;
                Anomalies[slot] = null;
                break;
            case ConditionKind.LateData:
                break;
            default:
                Limits[slot].Switches[(int)kind] = default;
                LimitDetector.Settle(ref Limits[slot]);
                break;
        }
    }

    private static SignalGroup GroupOf(Dictionary<string, SignalGroup> groups, string name)
    {
        if (!groups.TryGetValue(name, out SignalGroup? group))
        {
            group = new SignalGroup(name);
            groups.Add(name, group);
        }

        group.MemberCount++;
        return group;
    }

    /// <summary>A group that nothing is in any more goes, so that there are never more than slots.</summary>
    private static void Release(Dictionary<string, SignalGroup> groups, SignalGroup? group)
    {
        if (group is not null && --group.MemberCount == 0)
        {
            groups.Remove(group.Name);
        }
    }
}
