using System.Globalization;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>Reads labels as <c>telemetry simulate --labels</c> writes them: a JSON object per line.</summary>
public static class LabelFile
{
    /// <summary>Reads all lines; empty ones are passed over, and members that are not used are not looked at.</summary>
    /// <param name="source">The lines.</param>
    /// <param name="name">What faults call the file.</param>
    /// <exception cref="RehearsalException">A line is no label; the message has its number.</exception>
    public static IReadOnlyList<FailureLabel> Read(TextReader source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        var labels = new List<FailureLabel>();
        for (int number = 1; source.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (labels.Count == RehearsalLimits.LabelsMax || line.Length > RehearsalLimits.LabelCharactersMax)
            {
                throw Refusal(
                    $"expected at most {RehearsalLimits.LabelsMax} labels of {RehearsalLimits.LabelCharactersMax} "
                    + "characters");
            }

            labels.Add(LabelOf(line, Refusal));

            RehearsalException Refusal(string cause) =>
                new($"{name}:{number}: cannot read the label: {cause}; nothing was run");
        }

        return labels;
    }

    private static FailureLabel LabelOf(string line, Func<string, RehearsalException> refusal)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw refusal($"expected a JSON object, found {root.ValueKind}");
            }

            var label = new FailureLabel(
                TextOf(root, "mode", refusal),
                ClassOf(TextOf(root, "class", refusal), refusal),
                TextOf(root, "target", refusal),
                SignalsOf(root, refusal),
                TimeOf(root, "start", refusal),
                TimeOf(root, "end", refusal));
            return label.Start < label.End ? label : throw refusal("expected 'start' before 'end'");
        }
        catch (JsonException cause)
        {
            throw refusal($"it is no JSON object ({cause.Message})");
        }
    }

    private static string TextOf(JsonElement root, string name, Func<string, RehearsalException> refusal) =>
        root.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String
            ? found.GetString()!
            : throw refusal($"expected a text '{name}'");

    private static FindingClass ClassOf(string text, Func<string, RehearsalException> refusal) =>
        FindingClassText.TryParse(text, out FindingClass origin)
            ? origin
            : throw refusal($"expected 'class' process, sensor or gateway, found '{text}'");

    private static string[] SignalsOf(JsonElement root, Func<string, RehearsalException> refusal) =>
        root.TryGetProperty("signals", out JsonElement found)
        && found.ValueKind == JsonValueKind.Array
        && found.EnumerateArray().All(signal => signal.ValueKind == JsonValueKind.String)
            ? [.. found.EnumerateArray().Select(signal => signal.GetString()!)]
            : throw refusal("expected 'signals', a list of names such as CR-201.motor_current");

    private static long TimeOf(JsonElement root, string name, Func<string, RehearsalException> refusal)
    {
        string text = TextOf(root, name, refusal);
        bool isTime = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            && time.Year is >= 1970 and < 2262;
        return isTime ? Timestamp.From(time) : throw refusal(
            $"expected '{name}' as a time such as 2026-01-31T08:00:00Z, found '{text}'");
    }
}
