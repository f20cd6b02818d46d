using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Alarms;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>An alarm as it leaves the service: over HTTP, in the feed and on MQTT.</summary>
public sealed record AlarmMessage
{
    /// <summary>Its name, for instance <c>CR-201.bearing_de_temp/HH</c>.</summary>
    public required string Id { get; init; }

    /// <summary>normal, unacknowledged, acknowledged or returned-unacknowledged (ISA-18.2).</summary>
    public required string State { get; init; }

    /// <summary>True while an operator owes an acknowledgement.</summary>
    public required bool NeedsAcknowledge { get; init; }

    /// <summary>True when a worse alarm on the same signal stands before it.</summary>
    public required bool Covered { get; init; }

    /// <summary>low, medium or high.</summary>
    public required string Priority { get; init; }

    /// <summary>The asset's tag.</summary>
    public required string AssetId { get; init; }

    /// <summary>The area it stands in.</summary>
    public required string Area { get; init; }

    /// <summary>The signal's key.</summary>
    public required string Signal { get; init; }

    /// <summary>Names of the asset in three languages.</summary>
    public required LanguageText Asset { get; init; }

    /// <summary>Names of the kind of condition in three languages.</summary>
    public required LanguageText Kind { get; init; }

    /// <summary>One sentence in English.</summary>
    public required string Text { get; init; }

    /// <summary>The value of the last finding; null when it has none.</summary>
    public double? Value { get; init; }

    /// <summary>Unit of the value, UCUM.</summary>
    public required string Unit { get; init; }

    /// <summary>What it was held against; null when it has none.</summary>
    public double? Limit { get; init; }

    /// <summary>Unit of the limit, UCUM.</summary>
    public required string LimitUnit { get; init; }

    /// <summary>When the condition last began (event time), milliseconds since 1970.</summary>
    public required long SinceMilliseconds { get; init; }

    /// <summary>When the state last changed, milliseconds since 1970.</summary>
    public required long ChangedMilliseconds { get; init; }

    /// <summary>Who acknowledged; empty while nobody has.</summary>
    public required string AcknowledgedBy { get; init; }

    /// <summary>Why it began, in the words of the detector; empty when value and limit say all.</summary>
    public required string Reason { get; init; }

    /// <summary>The last comment.</summary>
    public required string Comment { get; init; }

    /// <summary>
    /// Number of its last journal record: a reader that knows a higher one knows this state or a newer one.
    /// </summary>
    public required long Sequence { get; init; }

    /// <summary>How the message is written as JSON, wherever it goes.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The message for an alarm.</summary>
    public static AlarmMessage Of(Alarm alarm, bool isCovered)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        AlarmDefinition definition = alarm.Definition;
        return new AlarmMessage
        {
            Id = alarm.Id,
            State = NameOf(alarm.State),
            NeedsAcknowledge = alarm.IsUnacknowledged,
            Covered = isCovered,
            Priority = NameOf(definition.Priority),
            AssetId = definition.Asset,
            Area = definition.Area,
            Signal = definition.Signal,
            Asset = LanguageText.Of(definition.AssetName),
            Kind = LanguageText.Of(ConditionNames.Of(definition.Kind)),
            Text = SentenceOf(definition),
            Value = Finite(alarm.Value),
            Unit = definition.ValueUnit,
            Limit = Finite(alarm.Limit),
            LimitUnit = definition.LimitUnit,
            SinceMilliseconds = alarm.BeganAt / Timestamp.NanosecondsPerMillisecond,
            ChangedMilliseconds = alarm.ChangedAt / Timestamp.NanosecondsPerMillisecond,
            AcknowledgedBy = alarm.AcknowledgedBy,
            Reason = alarm.Reason,
            Comment = alarm.Comment,
            Sequence = alarm.LastSequence,
        };
    }

    /// <summary>The state's name outward.</summary>
    public static string NameOf(AlarmState state) => state switch
    {
        AlarmState.Normal => "normal",
        AlarmState.Unacknowledged => "unacknowledged",
        AlarmState.Acknowledged => "acknowledged",
        AlarmState.ReturnedUnacknowledged => "returned-unacknowledged",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
    };

    /// <summary>The priority's name outward.</summary>
    internal static string NameOf(AlarmPriority priority) => priority.ToString().ToLowerInvariant();

    /// <summary>What an alarm says, in one sentence in English.</summary>
    internal static string SentenceOf(AlarmDefinition definition) =>
        $"{definition.SignalName}: {ConditionNames.Of(definition.Kind).English}";

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>Text in the pilot's languages; a missing one is empty and English stands for it.</summary>
/// <param name="En">English.</param>
/// <param name="Mn">Mongolian.</param>
/// <param name="Ko">Korean.</param>
public sealed record LanguageText(string En, string Mn, string Ko)
{
    /// <summary>The same as a display name.</summary>
    public static LanguageText Of(DisplayName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new LanguageText(name.English, name.Mongolian, name.Korean);
    }
}
