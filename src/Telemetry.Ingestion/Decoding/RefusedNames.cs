using System.Collections.Concurrent;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A field whose points are refused, by name.</summary>
/// <param name="Series">Measurement and tags as they arrived.</param>
/// <param name="Field">The field.</param>
/// <param name="Type">The type it arrived with.</param>
/// <param name="Reason">Why its points are refused.</param>
public readonly record struct RefusedName(string Series, string Field, FieldType Type, InternOutcome Reason);

/// <summary>What a refused name has cost, and who sent it last.</summary>
/// <param name="Expected">The type the field has; null when the type is not what it was refused for.</param>
/// <param name="Count">Points refused.</param>
/// <param name="Client">Who sent the last of them.</param>
/// <param name="Topic">The topic of the last of them; empty over HTTP.</param>
public sealed record RefusedTally(FieldType? Expected, long Count, string Client, string Topic);

/// <summary>The names whose points were refused at the tail, each with its count; with a ceiling.</summary>
public sealed class RefusedNames
{
    private const int CountMax = 10_000; // a list for people; what is beyond is counted in the metrics, not listed
    private const int SenderCharactersMax = 200; // what a person reads of a client or topic
    private readonly ConcurrentDictionary<RefusedName, RefusedTally> _names = new();
    private readonly ByteBudget _bytes = new(IngestionLimits.ListedNameBytesMax);
    private long _unlisted;

    /// <summary>All listed names with what each has cost.</summary>
    public IReadOnlyCollection<KeyValuePair<RefusedName, RefusedTally>> Names => [.. _names];

    /// <summary>How many times a name did not fit in.</summary>
    public long Unlisted => Volatile.Read(ref _unlisted);

    /// <summary>All listed names, of which none is left; for a list of one reader's own.</summary>
    internal IReadOnlyCollection<KeyValuePair<RefusedName, RefusedTally>> TakeAll()
    {
        KeyValuePair<RefusedName, RefusedTally>[] all = [.. _names];
        _names.Clear();
        return all;
    }

    internal void Add(RefusedName name, RefusedTally more)
    {
        more = more with { Topic = Cut(more.Topic), Client = Cut(more.Client) };
        if (_names.ContainsKey(name) || (_names.Count < CountMax && _bytes.TryTake(BytesOf(name, more))))
        {
            _names.AddOrUpdate(name, more, (_, tally) => more with { Count = tally.Count + more.Count });
        }
        else
        {
            Interlocked.Increment(ref _unlisted);
        }
    }

    private static string Cut(string text) =>
        text.Length > SenderCharactersMax ? text[..SenderCharactersMax] + "…" : text;

    private static long BytesOf(RefusedName name, RefusedTally tally) => sizeof(char)
        * ((long)name.Series.Length + name.Field.Length + tally.Client.Length + tally.Topic.Length);
}

/// <summary>
/// The refusals of the message being decoded, until it is known whose they are. Belongs to one thread.
/// </summary>
internal sealed class RefusalNotes : IRefusalListener
{
    private const int NamesPerMessageMax = 256; // the rest of such a message is counted, not listed
    private const int SeriesCharactersMax = 200; // what a person reads of it
    private readonly Dictionary<RefusedName, (FieldType? Expected, long Count)> _names = [];

    /// <summary>The first type conflict of the message in words; null when there was none.</summary>
    public string? Conflict { get; private set; }

    /// <summary>The first unit of the message that does not fit, in words; null when there was none.</summary>
    public string? Unit { get; private set; }

    /// <summary>The first text in the place of a number, by its field; null when there was none.</summary>
    public string? Words { get; private set; }

    /// <inheritdoc/>
    public void OnRefused(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, InternOutcome reason)
    {
        string series = Encoding.UTF8.GetString(arrivingSeries);
        Words ??= reason == InternOutcome.NotANumber ? FieldOf(series, fieldName) : null;
        Note(new RefusedName(series, fieldName, type, reason), expected: null);
    }

    /// <inheritdoc/>
    public void OnTypeConflict(
        ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, FieldType expected)
    {
        string series = Encoding.UTF8.GetString(arrivingSeries);
        Conflict ??= $"expected {FieldTypeNames.Of(expected)}, found {FieldTypeNames.Of(type)}, "
            + FieldOf(series, fieldName);
        Note(new RefusedName(series, fieldName, type, InternOutcome.TypeConflict), expected);
    }

    /// <inheritdoc/>
    public void OnUnitDiffers(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, string words)
    {
        string series = Encoding.UTF8.GetString(arrivingSeries);
        Unit ??= $"{words}, {FieldOf(series, fieldName)}";
        Note(new RefusedName(series, fieldName, type, InternOutcome.UnitDiffers), expected: null);
    }

    /// <summary>Lists what was noted under its sender, and forgets it.</summary>
    public void HandOver(RefusedNames? names, in MessageRecord message)
    {
        if (_names.Count == 0)
        {
            return;
        }

        string client = Encoding.UTF8.GetString(message.Client);
        string topic = Encoding.UTF8.GetString(message.Topic);
        foreach ((RefusedName name, (FieldType? expected, long count)) in _names)
        {
            names?.Add(name, new RefusedTally(expected, count, client, topic));
        }

        _names.Clear();
        Conflict = null;
        Words = null;
        Unit = null;
    }

    private static string FieldOf(string series, string field)
    {
        string shown = series.Length > SeriesCharactersMax ? series[..SeriesCharactersMax] + "…" : series;
        return $"field \"{field}\" of series \"{shown}\"";
    }

    private void Note(RefusedName name, FieldType? expected)
    {
        if (_names.Count < NamesPerMessageMax || _names.ContainsKey(name))
        {
            long count = _names.GetValueOrDefault(name).Count;
            _names[name] = (expected, count + 1);
        }
    }
}
