using System.Runtime.InteropServices;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What is found while messages are decoded anew, with a ceiling on each list.</summary>
/// <param name="catalogue">Names of fields.</param>
internal sealed class RedecodeFindings(SeriesCatalogue catalogue)
{
    private const int ExamplesMax = 20; // one of each field
    private const int ListedMax = 100; // failures, remainders, gateways and sites that are told
    private const int RememberedMax = 10_000; // failures and remainders; further ones are counted only
    private readonly Dictionary<string, RedecodeFailure> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Remainder> _remainders = [];
    private readonly HashSet<int> _given = [];
    private readonly HashSet<int> _exemplified = [];
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private readonly List<string> _sites = [];
    private readonly List<RedecodeExample> _examples = [];
    private long _messages;
    private long _samples;
    private long _unchanged;
    private long _changed;
    private long _added;
    private long _later;
    private long _refused;
    private long _noRoute;
    private long _failed;
    private long _leftBehind;

    /// <summary>The counts up to now.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="reached">Arrival of the message the run has come to.</param>
    public RedecodeProgress Progress(RedecodeRequest request, long reached) =>
        new(request.From, request.To, reached, _messages, _changed, _added, request.IsDryRun);

    /// <summary>Notes a message of the range.</summary>
    /// <param name="site">Hash of the site by which it was decoded when it came.</param>
    public void OnMessage(string site)
    {
        _messages++;
        bool isNew = site.Length > 0 && (_sites.Count == 0 || _sites[^1] != site);
        if (isNew && _sites.Count < ListedMax && !_sites.Contains(site))
        {
            _sites.Add(site);
        }
    }

    /// <summary>Notes a message of another gateway.</summary>
    public void OnOther(ReadOnlySpan<byte> gateway)
    {
        if (_messages == 0 && _heard.Count < ListedMax)
        {
            _heard.Add(Encoding.UTF8.GetString(gateway));
        }
    }

    /// <summary>Notes what became of a message.</summary>
    /// <param name="batch">Has its records from an index on.</param>
    /// <param name="first">The index.</param>
    /// <param name="message">The message.</param>
    public void OnDecoded(PointBatch batch, int first, in MessageRecord message)
    {
        foreach (ref readonly RecordEntry entry in batch.Records[first..])
        {
            _refused += entry.RefusedCount;
            _noRoute += entry.Fate == RecordFate.NoRoute ? 1 : 0;
            if (entry.Fate == RecordFate.Quarantined)
            {
                Fail(QuarantineVerdict.Of(batch, entry).Words, entry.ArrivalTime, message.Topic);
            }
        }
    }

    /// <summary>Notes a sample that is stored as it is now.</summary>
    public void OnUnchanged(int fieldId)
    {
        _samples++;
        _unchanged++;
        _given.Add(fieldId);
    }

    /// <summary>Notes a sample that is left alone for one that came later than its message.</summary>
    public void OnLater(int fieldId)
    {
        _samples++;
        _later++;
        _given.Add(fieldId);
    }

    /// <summary>Notes a sample that is to be written.</summary>
    /// <param name="batch">Where it is.</param>
    /// <param name="place">Where it is in the batch, and what is stored.</param>
    /// <param name="unit">The unit it is stored in; empty when that is not known.</param>
    public void OnWritten(PointBatch batch, in StoredSample place, Func<Field, string> unit)
    {
        _samples++;
        _changed += place.IsThere ? 1 : 0;
        _added += place.IsThere ? 0 : 1;
        _given.Add(place.FieldId);
        if (_examples.Count >= ExamplesMax || !_exemplified.Add(place.FieldId))
        {
            return;
        }

        Field field = catalogue.FieldAt(place.FieldId);
        string after = ExplainedText.ValueOf(batch, batch.Samples[place.Sample]);
        string before = place.IsThere ? ExplainedText.ValueOf(field.Type, place.Bits, place.Text) : "";
        _examples.Add(new RedecodeExample(KeyOf(field), field.Name, place.Time, before, after, unit(field)));
    }

    /// <summary>Notes a stored sample that no message of the range puts there any more.</summary>
    public void OnLeftBehind(int fieldId, long time)
    {
        _leftBehind++;
        if (_remainders.Count >= RememberedMax && !_remainders.ContainsKey(fieldId))
        {
            return;
        }

        ref Remainder one = ref CollectionsMarshal.GetValueRefOrAddDefault(_remainders, fieldId, out bool isKnown);
        one.First = isKnown ? Math.Min(one.First, time) : time;
        one.Last = isKnown ? Math.Max(one.Last, time) : time;
        one.Samples++;
    }

    /// <summary>All of it.</summary>
    public RedecodeReport Report() => new()
    {
        Messages = _messages,
        Samples = _samples,
        Unchanged = _unchanged,
        Changed = _changed,
        Added = _added,
        Later = _later,
        Refused = _refused,
        NoRoute = _noRoute,
        Failed = _failed,
        LeftBehind = _leftBehind,
        Examples = _examples,
        Failures = [.. _failures.Values.OrderByDescending(failure => failure.Messages).Take(ListedMax)],
        Remainders =
        [
            .. _remainders.OrderByDescending(pair => pair.Value.Samples).Take(ListedMax)
                .Select(pair => RemainderOf(catalogue.FieldAt(pair.Key), pair.Value)),
        ],
        Heard = _messages == 0 ? [.. _heard.Order(StringComparer.Ordinal)] : [],
        SitesThen = _sites,
    };

    private static string KeyOf(Field field) => Encoding.UTF8.GetString(field.Series.Key.Span);

    private RedecodeRemainder RemainderOf(Field field, Remainder one) =>
        new(KeyOf(field), field.Name, one.Samples, one.First, one.Last, _given.Contains(field.Id));

    private void Fail(string words, long arrivalTime, ReadOnlySpan<byte> topic)
    {
        _failed++;
        if (_failures.TryGetValue(words, out RedecodeFailure? known))
        {
            _failures[words] = known with { Messages = known.Messages + 1 };
        }
        else if (_failures.Count < RememberedMax)
        {
            _failures.Add(words, new RedecodeFailure(words, 1, Encoding.UTF8.GetString(topic), arrivalTime));
        }
    }

    private struct Remainder
    {
        public long Samples;
        public long First;
        public long Last;
    }
}
