using System.Runtime.InteropServices;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>Where a message stands in the quarantine's log, and what became of it.</summary>
internal struct QuarantineSlot
{
    /// <summary>Number of the message.</summary>
    public long Id;

    /// <summary>Where its record stands in the log.</summary>
    public long LogOffset;

    /// <summary>Where the record of its last outcome stands there; −1 without.</summary>
    public long OutcomeOffset;

    /// <summary>Where its last retry stands in the spool; −1 without.</summary>
    public long RetryOffset;

    /// <summary>Index of its group.</summary>
    public int Group;

    /// <summary>Where it stands.</summary>
    public QuarantineState State;

    /// <summary>What the last retry became.</summary>
    public RecordFate Fate;

    /// <summary>Why the last retry failed.</summary>
    public FaultReason Reason;
}

/// <summary>Messages of one gateway that were refused for one reason.</summary>
/// <param name="Gateway">The gateway's key; "(others)" for those beyond the ceiling.</param>
/// <param name="Code">Name of the reason; empty for those beyond the ceiling.</param>
/// <param name="Reason">The reason in words, without details.</param>
/// <param name="Waiting">Messages that wait, those on their way included.</param>
/// <param name="Failed">Messages that failed again.</param>
/// <param name="Resolved">Messages that are resolved.</param>
/// <param name="LastArrivalMilliseconds">Arrival of the newest, since 1970.</param>
/// <param name="LastId">Number of the newest.</param>
/// <param name="LastTopic">Topic of the newest.</param>
public sealed record QuarantineGroup(
    string Gateway,
    string Code,
    string Reason,
    long Waiting,
    long Failed,
    long Resolved,
    long LastArrivalMilliseconds,
    long LastId,
    string LastTopic);

/// <summary>
/// What of the quarantine is in memory: a slot per message, in the order of their numbers, and their groups. For any
/// thread.
/// </summary>
internal sealed class QuarantineIndex
{
    private const int GroupCountMax = 10_000; // a list for people; what is beyond shares one group
    private readonly Lock _lock = new();
    private readonly List<QuarantineSlot> _slots = [];
    private readonly Dictionary<(string Gateway, FaultReason Reason), int> _groupOf = [];
    private readonly List<QuarantineGroup> _groups = [new("(others)", "", "", 0, 0, 0, 0, 0, "")];
    private readonly ByteBudget _bytes = new(IngestionLimits.ListedNameBytesMax);
    private readonly long[] _counts = new long[4];

    /// <summary>How many messages there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _slots.Count;
            }
        }
    }

    /// <summary>The highest number; −1 without any.</summary>
    public long LastId
    {
        get
        {
            lock (_lock)
            {
                return _slots.Count > 0 ? _slots[^1].Id : -1;
            }
        }
    }

    /// <summary>How many messages stand there.</summary>
    public long CountOf(QuarantineState state)
    {
        lock (_lock)
        {
            return _counts[(int)state];
        }
    }

    /// <summary>The groups that have messages.</summary>
    public IReadOnlyList<QuarantineGroup> Groups()
    {
        lock (_lock)
        {
            return [.. _groups.Where(group => group.Waiting + group.Failed + group.Resolved > 0)];
        }
    }

    /// <summary>Adds a message; its number is higher than all before.</summary>
    public void Add(long id, long logOffset, string gateway, string topic, FaultReason reason, long arrivalTime)
    {
        lock (_lock)
        {
            int group = GroupOfLocked(gateway, reason);
            _slots.Add(new QuarantineSlot
            {
                Id = id,
                LogOffset = logOffset,
                OutcomeOffset = -1,
                RetryOffset = -1,
                Group = group,
            });
            _counts[(int)QuarantineState.Waiting]++;
            _groups[group] = Counted(_groups[group], QuarantineState.Waiting, +1) with
            {
                LastArrivalMilliseconds = arrivalTime / Timestamp.NanosecondsPerMillisecond,
                LastId = id,
                LastTopic = group == 0 ? "" : topic,
            };
        }
    }

    /// <summary>The slot of a number; null when there is none.</summary>
    public QuarantineSlot? Find(long id)
    {
        lock (_lock)
        {
            return PlaceLocked(id) is >= 0 and int place ? _slots[place] : null;
        }
    }

    /// <summary>Slots before a number, oldest first, at most so many.</summary>
    public QuarantineSlot[] Before(long id, int countMax)
    {
        lock (_lock)
        {
            int place = PlaceLocked(id);
            int end = place >= 0 ? place : ~place;
            return [.. CollectionsMarshal.AsSpan(_slots)[Math.Max(0, end - countMax)..end]];
        }
    }

    /// <summary>Slots behind a number, oldest first, at most so many.</summary>
    public QuarantineSlot[] After(long id, int countMax)
    {
        lock (_lock)
        {
            int place = PlaceLocked(id);
            int begin = place >= 0 ? place + 1 : ~place;
            return [.. CollectionsMarshal.AsSpan(_slots)[begin..Math.Min(_slots.Count, begin + countMax)]];
        }
    }

    /// <summary>Marks a message as on its way through the spool.</summary>
    public void Mark(long id)
    {
        lock (_lock)
        {
            if (PlaceLocked(id) is >= 0 and int place)
            {
                MoveLocked(ref CollectionsMarshal.AsSpan(_slots)[place], QuarantineState.Retried);
            }
        }
    }

    /// <summary>Takes the mark back: the message is where it was.</summary>
    public void Unmark(long id)
    {
        lock (_lock)
        {
            if (PlaceLocked(id) is >= 0 and int place)
            {
                ref QuarantineSlot slot = ref CollectionsMarshal.AsSpan(_slots)[place];
                MoveLocked(ref slot, slot.OutcomeOffset < 0 ? QuarantineState.Waiting : QuarantineState.Failed);
            }
        }
    }

    /// <summary>Takes an outcome; one of a message that was lost with a file of the log is passed over.</summary>
    public void Take(QuarantineOutcome outcome, long outcomeOffset)
    {
        lock (_lock)
        {
            if (PlaceLocked(outcome.Id) is >= 0 and int place)
            {
                ref QuarantineSlot slot = ref CollectionsMarshal.AsSpan(_slots)[place];
                slot.OutcomeOffset = outcomeOffset;
                slot.RetryOffset = outcome.Offset;
                slot.Fate = outcome.Fate;
                slot.Reason = outcome.Verdict.Reason;
                MoveLocked(ref slot, outcome.IsResolved ? QuarantineState.Resolved : QuarantineState.Failed);
            }
        }
    }

    private void MoveLocked(ref QuarantineSlot slot, QuarantineState state)
    {
        _counts[(int)slot.State]--;
        _counts[(int)state]++;
        QuarantineGroup group = Counted(_groups[slot.Group], slot.State, -1);
        _groups[slot.Group] = Counted(group, state, +1);
        slot.State = state;
    }

    private static QuarantineGroup Counted(QuarantineGroup group, QuarantineState state, int change) => state switch
    {
        QuarantineState.Resolved => group with { Resolved = group.Resolved + change },
        QuarantineState.Failed => group with { Failed = group.Failed + change },
        _ => group with { Waiting = group.Waiting + change },
    };

    private int GroupOfLocked(string gateway, FaultReason reason)
    {
        if (_groupOf.TryGetValue((gateway, reason), out int known))
        {
            return known;
        }

        if (_groups.Count > GroupCountMax || !_bytes.TryTake(sizeof(char) * (long)gateway.Length))
        {
            return 0;
        }

        string words = new QuarantineVerdict(reason, 0, "", "", "", "").Words;
        _groups.Add(new QuarantineGroup(gateway, reason.ToString(), words, 0, 0, 0, 0, 0, ""));
        _groupOf.Add((gateway, reason), _groups.Count - 1);
        return _groups.Count - 1;
    }

    /// <summary>Where a number stands; the complement of where it would, when it does not.</summary>
    private int PlaceLocked(long id)
    {
        ReadOnlySpan<QuarantineSlot> slots = CollectionsMarshal.AsSpan(_slots);
        int low = 0;
        int high = slots.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (slots[middle].Id < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < slots.Length && slots[low].Id == id ? low : ~low;
    }
}
