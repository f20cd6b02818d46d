namespace Telemetry.Payloads;

/// <summary>
/// An element of an array that says its own name: <c>{"id":"T1","v":250,"t":…}</c>. Its name stands in the field's name
/// where the element's place would stand otherwise.
/// </summary>
internal readonly struct NamedElement
{
    public JsonText Name { get; private init; }

    /// <summary>A value stands beside the name, and the name alone is the field's.</summary>
    public bool HasValue { get; private init; }

    /// <summary>A member stands there under the name of a time.</summary>
    public bool MayHaveTime { get; private init; }

    /// <summary>Looks at the object the reader stands before, on a copy of the reader.</summary>
    public static bool TryRecognise(JsonReader reader, out NamedElement element)
    {
        element = default;
        int rank = 0;
        bool isFirst = true;
        reader.TryEnter();
        while (reader.TryNextMember(ref isFirst, out JsonText key))
        {
            ReadOnlySpan<byte> name = key.In(reader.Text);
            JsonKind kind = reader.Peek();
            int nameRank = kind is JsonKind.String or JsonKind.Number ? UsualNames.NameRank(name) : 0;
            if (nameRank > rank && reader.TryReadScalar(kind, out JsonText own))
            {
                rank = own.Bytes > 0 ? nameRank : rank;
                element = own.Bytes > 0 ? element with { Name = own } : element;
                continue;
            }

            element = element with
            {
                HasValue = element.HasValue || UsualNames.IsValue(name),
                MayHaveTime = element.MayHaveTime
                    || (kind is JsonKind.String or JsonKind.Number && UsualNames.TimeRank(name) > 0),
            };
            if (!reader.TrySkipValue())
            {
                return false;
            }
        }

        // Without a value beside it a number, or what may be another for each message, is no name to give a field.
        bool isName = element.Name.Kind == JsonKind.String && rank > UsualNames.IdentifierRank;
        return !reader.HasFailed && rank > 0 && (element.HasValue || isName);
    }
}
