using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>How long everything of a gateway has been late.</summary>
internal struct LatenessState
{
    /// <summary>Lane time of the first late point since the last one in time; 0: the last one was in time.</summary>
    public long LateSince;

    /// <summary>Late points since then.</summary>
    public long LateCount;

    /// <summary>The condition stands.</summary>
    public bool IsOn;
}

/// <summary>
/// Finds gateways of which everything is late (law L8): late points sound no alarm, so that without this a wrong clock
/// would silence a gateway. The gateway is the one that the site names for the asset of a signal.
/// </summary>
internal sealed class LatenessWatch
{
    /// <summary>How long everything must be late, nanoseconds of lane time.</summary>
    public const long Span = 1_800 * 1_000_000_000L;

    /// <summary>Fewer late points than this say nothing.</summary>
    public const int PointsMin = 10;

    private const double NanosecondsPerSecond = 1e9;
    private readonly SeriesCatalogue _catalogue;
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<SignalInstance> _signals = []; // by slot: the gateway's own
    private LatenessState[] _states = new LatenessState[16];
    private Seen[] _seen = new Seen[256]; // by field

    /// <param name="catalogue">Where fields and their signals are looked up.</param>
    public LatenessWatch(SeriesCatalogue catalogue) => _catalogue = catalogue;

    /// <summary>Takes a point that brought a time of its own.</summary>
    /// <param name="fieldId">One of its fields.</param>
    /// <param name="point">The point.</param>
    /// <param name="record">Its record.</param>
    /// <param name="laneTime">The clock.</param>
    /// <param name="listener">Told when the condition begins or ends.</param>
    public void Observe(
        int fieldId, in PointEntry point, in RecordEntry record, long laneTime, IFindingListener listener)
    {
        int slot = SlotOf(fieldId);
        if (slot < 0)
        {
            return;
        }

        ref LatenessState state = ref _states[slot];
        bool isLate = (point.Flags & PointFlags.Late) != 0;
        if (!isLate && state.LateSince == 0)
        {
            return; // Fast path: in time, as the one before.
        }

        double behind = (record.ArrivalTime - (double)point.Time) / NanosecondsPerSecond;
        if (!isLate)
        {
            if (state.IsOn)
            {
                Tell(slot, FindingEdge.Ended, laneTime, record.Offset, behind, listener);
            }

            state = default;
            return;
        }

        state.LateSince = state.LateSince == 0 ? laneTime : state.LateSince;
        state.LateCount++;
        if (!state.IsOn && laneTime - state.LateSince >= Span && state.LateCount >= PointsMin)
        {
            state.IsOn = true;
            Tell(slot, FindingEdge.Began, laneTime, record.Offset, behind, listener);
        }
    }

    /// <summary>Writes all gateways.</summary>
    public void Save(StateWriter writer)
    {
        writer.Int32(_signals.Count);
        for (int slot = 0; slot < _signals.Count; slot++)
        {
            writer.Text(_signals[slot].Asset.Id);
            writer.Text(_signals[slot].Asset.Area);
            writer.Int64(_states[slot].LateSince);
            writer.Int64(_states[slot].LateCount);
            writer.Flag(_states[slot].IsOn);
        }
    }

    /// <summary>Reads them into an empty watch.</summary>
    public bool TryRestore(ref StateReader reader)
    {
        int count = reader.Int32();
        for (int i = 0; i < count && !reader.IsFailed; i++)
        {
            string gateway = Encoding.UTF8.GetString(reader.Block());
            int slot = Add(gateway, Encoding.UTF8.GetString(reader.Block()));
            _states[slot] = new LatenessState
            {
                LateSince = reader.Int64(),
                LateCount = reader.Int64(),
                IsOn = reader.Flag(),
            };
        }

        return !reader.IsFailed && count == _signals.Count;
    }

    private int SlotOf(int fieldId)
    {
        if (fieldId >= _seen.Length)
        {
            Array.Resize(ref _seen, Math.Max(_seen.Length * 2, fieldId + 1));
        }

        SignalInstance? signal = _catalogue.FieldAt(fieldId).Signal;
        ref Seen seen = ref _seen[fieldId];
        if (signal is null || !ReferenceEquals(seen.Signal, signal))
        {
            string gateway = signal?.Asset.Gateway ?? "";
            int slot = gateway.Length == 0 ? -1 : Add(gateway, signal!.Asset.Area);
            seen = new Seen { Signal = signal, Slot = slot };
        }

        return seen.Slot;
    }

    /// <summary>The place of a gateway, made when it has none.</summary>
    private int Add(string gateway, string area)
    {
        if (_slots.TryGetValue(gateway, out int known))
        {
            return known;
        }

        int slot = _signals.Count;
        if (slot == _states.Length)
        {
            Array.Resize(ref _states, slot * 2);
        }

        _slots.Add(gateway, slot);
        _signals.Add(SignalOf(gateway, area));
        return slot;
    }

    private void Tell(
        int slot, FindingEdge edge, long time, long offset, double behind, IFindingListener listener)
    {
        if (StandInSignal.Bind(_catalogue, "gateway", "gateway", _signals[slot]) is { } field)
        {
            var condition = new Condition(field.Id, ConditionKind.LateData);
            listener.OnFinding(new Finding(
                condition, edge, time, offset, behind, Span / NanosecondsPerSecond, FindingClass.Gateway));
        }
    }

    private static SignalInstance SignalOf(string gateway, string area)
    {
        var nothing = new AlarmRule(LimitSet.None, 0, 0, 0, double.NaN, 0, 0);
        var clock = new SignalDefinition("clock", "Gateway clock", "s", 0, 0, 0, 0, 0, nothing);
        var type = new EquipmentType("gateway", "Gateway", [clock]);
        return new SignalInstance(
            new Asset(gateway, type, area, new DisplayName(gateway), gateway, Enabled: true), clock);
    }

    /// <summary>What a field's signal was when it was last looked at, and the gateway that follows from it.</summary>
    private struct Seen
    {
        public SignalInstance? Signal;
        public int Slot;
    }
}
