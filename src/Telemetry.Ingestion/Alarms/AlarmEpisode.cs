using Telemetry.Alarms;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>One time that the condition of an alarm was present, as it leaves the service.</summary>
public sealed record AlarmEpisode
{
    /// <summary>The alarm's name, for instance <c>CR-201.bearing_de_temp/HH</c>.</summary>
    public required string Id { get; init; }

    /// <summary>low, medium or high.</summary>
    public required string Priority { get; init; }

    /// <summary>The asset's tag.</summary>
    public required string AssetId { get; init; }

    /// <summary>The signal's key.</summary>
    public required string Signal { get; init; }

    /// <summary>Names of the kind of condition in three languages.</summary>
    public required LanguageText Kind { get; init; }

    /// <summary>One sentence in English, as it was said at the time.</summary>
    public required string Text { get; init; }

    /// <summary>Why it began, in the words of the detector; empty when value and limit say all.</summary>
    public required string Reason { get; init; }

    /// <summary>When the condition began (event time), milliseconds since 1970.</summary>
    public required long SinceMilliseconds { get; init; }

    /// <summary>When it ended or was no longer watched for; null while it is present.</summary>
    public long? UntilMilliseconds { get; init; }

    /// <summary>The episode that a journal record begins.</summary>
    internal static AlarmEpisode Begin(AlarmRecord record)
    {
        AlarmDefinition definition = record.Definition!;
        return new AlarmEpisode
        {
            Id = record.AlarmId,
            Priority = AlarmMessage.NameOf(definition.Priority),
            AssetId = definition.Asset,
            Signal = definition.Signal,
            Kind = LanguageText.Of(ConditionNames.Of(definition.Kind)),
            Text = AlarmMessage.SentenceOf(definition),
            Reason = record.Comment,
            SinceMilliseconds = record.Time / Timestamp.NanosecondsPerMillisecond,
        };
    }
}

/// <summary>Episodes of a span of time, the earliest first.</summary>
/// <param name="Episodes">The episodes, of too many the newest.</param>
/// <param name="IsCut">True when there were more than are given or remembered.</param>
public sealed record AlarmEpisodes(IReadOnlyList<AlarmEpisode> Episodes, bool IsCut);
