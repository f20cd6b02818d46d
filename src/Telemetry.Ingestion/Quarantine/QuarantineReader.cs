using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>Is given a message of the quarantine, valid during the call.</summary>
internal delegate void KeptMessageVisitor(QuarantineSlot slot, in KeptMessage kept);

/// <summary>
/// Reads what is in quarantine from its log; for any thread. What was taken and is not on disk yet it does not see.
/// </summary>
public sealed class QuarantineReader
{
    private const int SlotsAtOnce = 256;
    private readonly Spool.Spool _log;
    private readonly QuarantineIndex _index;

    internal QuarantineReader(Spool.Spool log, QuarantineIndex index)
    {
        _log = log;
        _index = index;
    }

    /// <summary>Counts by gateway and reason.</summary>
    public IReadOnlyList<QuarantineGroup> Groups() => _index.Groups();

    /// <summary>Messages that pass, newest first.</summary>
    /// <param name="filter">Which are meant.</param>
    /// <param name="before">Only numbers below this one: the last of the page before.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">The asker went away.</param>
    public IReadOnlyList<QuarantineEntry> List(
        QuarantineFilter filter,
        long before = long.MaxValue,
        int limit = int.MaxValue,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var messages = new LogLookup(_log);
        using var outcomes = new LogLookup(_log);
        var found = new List<QuarantineEntry>();
        while (found.Count < limit && _index.Before(before, SlotsAtOnce) is { Length: > 0 } slots)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = new List<QuarantineEntry>();
            foreach (QuarantineSlot slot in slots)
            {
                Visit(messages, slot, filter, (one, in kept) => page.Add(EntryOf(outcomes, one, kept)));
            }

            page.Reverse();
            found.AddRange(page.Take(limit - found.Count));
            before = slots[0].Id;
        }

        return found;
    }

    /// <summary>One message with its payload; null when there is none of this number.</summary>
    public KeptPayload? Find(long id)
    {
        if (_index.Find(id) is not { } slot)
        {
            return null;
        }

        using var messages = new LogLookup(_log);
        using var outcomes = new LogLookup(_log);
        return PayloadOf(messages, outcomes, slot, new QuarantineFilter());
    }

    /// <summary>Messages that pass with their payloads, oldest first; read as they are asked for.</summary>
    public IEnumerable<KeptPayload> Export(QuarantineFilter filter)
    {
        using var messages = new LogLookup(_log);
        using var outcomes = new LogLookup(_log);
        long after = -1;
        while (_index.After(after, SlotsAtOnce) is { Length: > 0 } slots)
        {
            foreach (QuarantineSlot slot in slots)
            {
                if (PayloadOf(messages, outcomes, slot, filter) is { } kept)
                {
                    yield return kept;
                }
            }

            after = slots[^1].Id;
        }
    }

    /// <summary>The highest number; −1 without any.</summary>
    internal long LastId => _index.LastId;

    /// <summary>What is known of a number without reading; null when there is none.</summary>
    internal QuarantineSlot? SlotOf(long id) => _index.Find(id);

    /// <summary>What became of messages last; those that were not decoded again are left out.</summary>
    internal IEnumerable<QuarantineOutcome> OutcomesOf(IEnumerable<long> ids)
    {
        using var outcomes = new LogLookup(_log);
        foreach (long id in ids)
        {
            if (_index.Find(id) is { } slot && OutcomeOf(outcomes, slot) is { } outcome)
            {
                yield return outcome;
            }
        }
    }

    /// <summary>Reads the messages that pass, oldest first, until the visitor has enough.</summary>
    /// <param name="filter">Which are meant.</param>
    /// <param name="after">Only numbers above this one.</param>
    /// <param name="isEnough">Asked after each.</param>
    /// <param name="visit">Is given each.</param>
    /// <returns>The last number that was looked at; <paramref name="after"/> when there were none.</returns>
    internal long Visit(QuarantineFilter filter, long after, Func<bool> isEnough, KeptMessageVisitor visit)
    {
        using var messages = new LogLookup(_log);
        while (_index.After(after, SlotsAtOnce) is { Length: > 0 } slots)
        {
            foreach (QuarantineSlot slot in slots)
            {
                Visit(messages, slot, filter, visit);
                after = slot.Id;
                if (isEnough())
                {
                    return after;
                }
            }
        }

        return after;
    }

    /// <summary>Reads one message; nothing when there is none of this number.</summary>
    internal void Visit(long id, KeptMessageVisitor visit)
    {
        if (_index.Find(id) is { } slot)
        {
            using var messages = new LogLookup(_log);
            Visit(messages, slot, new QuarantineFilter(), visit);
        }
    }

    private static void Visit(
        LogLookup messages, in QuarantineSlot slot, QuarantineFilter filter, KeptMessageVisitor visit)
    {
        bool isMeant = filter.State is not { } state || slot.State == state;
        if (!isMeant || !messages.TryRead(slot.LogOffset, out RecordView record))
        {
            return;
        }

        KeptMessage kept = QuarantineFormat.ReadMessage(record);
        if (filter.Takes(kept))
        {
            visit(slot, kept);
        }
    }

    private static KeptPayload? PayloadOf(
        LogLookup messages, LogLookup outcomes, in QuarantineSlot slot, QuarantineFilter filter)
    {
        KeptPayload? found = null;
        Visit(messages, slot, filter, (one, in kept) =>
            found = new KeptPayload(EntryOf(outcomes, one, kept), kept.Message.Payload.ToArray()));
        return found;
    }

    private static QuarantineEntry EntryOf(LogLookup outcomes, in QuarantineSlot slot, in KeptMessage kept) =>
        QuarantineEntry.Of(kept, slot.State, OutcomeOf(outcomes, slot));

    private static QuarantineOutcome? OutcomeOf(LogLookup outcomes, in QuarantineSlot slot) =>
        slot.OutcomeOffset >= 0 && outcomes.TryRead(slot.OutcomeOffset, out RecordView record)
            ? QuarantineFormat.ReadOutcome(record)
            : null;

    /// <summary>Reads single records of the log; those that lie close behind each other without a new look.</summary>
    private sealed class LogLookup(Spool.Spool log) : IDisposable
    {
        private SpoolReader? _reader;

        public bool TryRead(long offset, out RecordView record)
        {
            if (_reader is null || _reader.Position > offset || offset - _reader.Position > SpoolReader.BlockBytes)
            {
                _reader?.Dispose();
                _reader = log.OpenReader(offset);
            }

            while (_reader.Position <= offset && _reader.TryRead(out record))
            {
                if (record.Offset == offset)
                {
                    return true;
                }
            }

            record = default;
            return false;
        }

        public void Dispose() => _reader?.Dispose();
    }
}

/// <summary>A quarantined message with its payload.</summary>
/// <param name="Entry">What is known of it.</param>
/// <param name="Payload">What was received.</param>
public sealed record KeptPayload(QuarantineEntry Entry, byte[] Payload);
