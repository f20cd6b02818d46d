namespace Telemetry.Payloads;

/// <summary>
/// The shape of Telegraf's JSON serializer: an object of <c>name</c>, <c>fields</c>, and optionally <c>tags</c> and
/// <c>timestamp</c>, and nothing else. It carries its own measurement and tags.
/// </summary>
internal readonly struct TelegrafMetric
{
    public JsonText Name { get; private init; }

    /// <summary>Where the object of fields starts in the payload.</summary>
    public int FieldsAt { get; private init; }

    /// <summary>Where the object of tags starts in the payload; 0 when there is none.</summary>
    public int TagsAt { get; private init; }

    /// <summary>The time; of kind None when there is none.</summary>
    public JsonText Timestamp { get; private init; }

    /// <summary>True for the keys that such an object can start with; saves the look at all others.</summary>
    public static bool MayStartWith(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("fields"u8)
        || key.SequenceEqual("name"u8)
        || key.SequenceEqual("tags"u8)
        || key.SequenceEqual("timestamp"u8);

    /// <summary>Looks at the object the reader stands before, on a copy of the reader.</summary>
    public static bool TryRecognise(JsonReader reader, out TelegrafMetric metric)
    {
        metric = default;
        bool isFirst = true;
        reader.TryEnter();
        while (reader.TryNextMember(ref isFirst, out JsonText key))
        {
            JsonKind kind = reader.Peek();
            int position = reader.Position;
            ReadOnlySpan<byte> name = key.In(reader.Text);
            if (name.SequenceEqual("fields"u8) && kind == JsonKind.Object && reader.TrySkipValue())
            {
                metric = metric with { FieldsAt = position };
            }
            else if (name.SequenceEqual("tags"u8) && kind == JsonKind.Object && reader.TrySkipValue())
            {
                metric = metric with { TagsAt = position };
            }
            else if (name.SequenceEqual("name"u8)
                && kind == JsonKind.String
                && reader.TryReadScalar(kind, out JsonText n))
            {
                metric = metric with { Name = n };
            }
            else if (name.SequenceEqual("timestamp"u8)
                && kind == JsonKind.Number
                && reader.TryReadScalar(kind, out JsonText t))
            {
                metric = metric with { Timestamp = t };
            }
            else
            {
                return false;
            }
        }

        return !reader.HasFailed && metric.FieldsAt > 0 && metric.Name.Bytes > 0;
    }

    /// <summary>Renders the metric's own measurement and tags, and those of the route.</summary>
    public void Render(SeriesText series, JsonFields fields, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> extraTags)
    {
        series.Clear();
        series.AppendMeasurement(fields.Plain(Name, payload));
        var tags = new JsonReader(payload, TagsAt);
        bool isFirst = true;
        bool hasTags = TagsAt > 0 && tags.TryEnter();
        while (hasTags && tags.TryNextMember(ref isFirst, out JsonText key))
        {
            if (tags.Peek() != JsonKind.String)
            {
                tags.TrySkipValue();
            }
            else if (tags.TryReadScalar(JsonKind.String, out JsonText value) && key.Bytes > 0 && value.Bytes > 0)
            {
                series.AppendTagKey(fields.Plain(key, payload));
                series.AppendTagValue(fields.Plain(value, payload));
            }
        }

        series.AppendRaw(extraTags);
    }
}
