using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>Words for what became of a message.</summary>
internal static class ExplainedText
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>A fate's words.</summary>
    public static string Of(RecordFate fate) => fate switch
    {
        RecordFate.Decoded => "decoded",
        RecordFate.NotAMeasurement => "not a measurement",
        RecordFate.NoRoute => "no route",
        RecordFate.Duplicate => "duplicate",
        RecordFate.Dropped => "dropped",
        _ => "quarantined",
    };

    /// <summary>Why a message has its fate.</summary>
    public static string Because(PointBatch batch, in RecordEntry entry, in MessageRecord message, int refused)
    {
        if (entry.Fate == RecordFate.NoRoute)
        {
            return "no route's filter takes the topic";
        }

        if (entry.Fate == RecordFate.Duplicate)
        {
            return "the gateway sent it again, and it was taken when it came first";
        }

        string route = entry.Route!.Name;
        string taken = $"filter {entry.Route.Filter} of route \"{route}\" is the first that takes the topic";
        string words = QuarantineVerdict.Of(batch, entry).Words;
        return entry.Fate switch
        {
            RecordFate.Quarantined => $"{words}, at byte {entry.FaultOffset}; {taken}",
            RecordFate.Decoded when entry.PointCount == 0 => $"every point was refused by name; {taken}",
            RecordFate.Decoded when refused > 0 => $"some points were refused by name; {taken}",
            RecordFate.Decoded => taken,
            _ when entry.Route.Decoder == "ignore" => $"the route's decoder is ignore; {taken}",
            _ when message.IsStale => $"another broker had kept it, and no value has a time of its own; {taken}",
            _ when message.Payload.IsEmpty => $"the payload is empty; {taken}",
            _ => $"there is no number or truth value in it; {taken}",
        };
    }

    /// <summary>A refused name with its reason.</summary>
    public static string Of(RefusedName name, RefusedTally tally)
    {
        string what = $"field \"{name.Field}\" of series \"{name.Series}\"";
        return name.Reason switch
        {
            InternOutcome.TypeConflict when tally.Expected is { } expected =>
                $"{what}: expected {FieldTypeNames.Of(expected)}, found {FieldTypeNames.Of(name.Type)}",
            InternOutcome.TypeConflict => $"{what}: found {FieldTypeNames.Of(name.Type)}, it has another type",
            InternOutcome.NotANumber => $"{what}: text where a number was expected",
            InternOutcome.UnsupportedKind => $"{what}: a kind of value that no field holds",
            _ => $"{what}: {name.Reason}",
        };
    }

    /// <summary>A value as text.</summary>
    public static string ValueOf(PointBatch batch, in SampleEntry sample) =>
        ValueOf(sample.Type, sample.Bits, sample.Type == FieldType.String ? batch.TextOf(sample) : default);

    /// <summary>A value as text.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="bits">The value, unless it is a string.</param>
    /// <param name="text">The value, if it is a string.</param>
    public static string ValueOf(FieldType type, long bits, ReadOnlySpan<byte> text) => type switch
    {
        FieldType.Float => BitConverter.Int64BitsToDouble(bits).ToString(CultureInfo.InvariantCulture),
        FieldType.Integer => bits.ToString(CultureInfo.InvariantCulture),
        FieldType.Unsigned => ((ulong)bits).ToString(CultureInfo.InvariantCulture),
        FieldType.Boolean => bits != 0 ? "true" : "false",
        _ => $"\"{Encoding.UTF8.GetString(text)}\"",
    };

    /// <summary>What is special about a value: its time, its quality.</summary>
    public static string RemarksOf(in PointEntry point, in SampleEntry sample)
    {
        var remarks = new List<string>();
        if ((point.Flags & PointFlags.ArrivalTime) != 0)
        {
            remarks.Add("time of arrival");
        }

        if ((point.Flags & PointFlags.Late) != 0)
        {
            remarks.Add("late");
        }

        if (point.Correction.Nanoseconds != 0)
        {
            double seconds = point.Correction.Nanoseconds / NanosecondsPerSecond;
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"time corrected by {seconds:+0.###;-0.###} s"));
        }

        if ((sample.Quality & 0xC0) != Quality.Good)
        {
            bool isBad = (sample.Quality & 0xC0) == Quality.Bad;
            remarks.Add(string.Create(
                CultureInfo.InvariantCulture, $"quality {(isBad ? "bad" : "uncertain")} ({sample.Quality})"));
        }

        return string.Join(", ", remarks);
    }
}
