using System.Buffers;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>One JSON object per line; of a wide row only the fields that have a sample.</summary>
internal sealed class JsonExportWriter(ExportTimes times) : IExportWriter
{
    public void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<Field>? columns)
    {
        // Each line names its parts.
    }

    public void WriteSample(IBufferWriter<byte> output, Field field, scoped in SampleBlock block, int index)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            WriteTime(json, block.Times[index]);
            json.WriteString("measurement", field.Series.Measurement);
            json.WriteStartObject("tags");
            foreach (Tag tag in field.Series.Tags)
            {
                json.WriteString(tag.Key, tag.Value);
            }

            json.WriteEndObject();
            json.WriteString("field", field.Name);
            WriteValue(json, "value", field.Type, ExportText.ValueOf(block, index));
            json.WriteString("unit", ExportText.UnitOf(field));
            json.WriteNumber("quality", block.Qualities[index]);
            json.WriteString(
                "arrival_time", ExportTimes.Utc(block.Arrivals[index] * Timestamp.NanosecondsPerMillisecond));
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public void WriteRow(
        IBufferWriter<byte> output, long time, IReadOnlyList<Field> columns, ReadOnlySpan<string?> values)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            WriteTime(json, time);
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] is { } value)
                {
                    WriteValue(json, ExportText.ColumnOf(columns[i]), columns[i].Type, value);
                }
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Numbers and truth values as such; JSON has no word for what is not finite.</summary>
    private static void WriteValue(Utf8JsonWriter json, string name, FieldType type, string value)
    {
        json.WritePropertyName(name);
        bool isNumber = type != FieldType.String && (value[^1] is >= '0' and <= '9' || type == FieldType.Boolean);
        if (isNumber)
        {
            json.WriteRawValue(value);
        }
        else
        {
            json.WriteStringValue(value);
        }
    }

    private void WriteTime(Utf8JsonWriter json, long time)
    {
        json.WriteString("time", ExportTimes.Utc(time));
        if (times.HasLocal)
        {
            json.WriteString("time_local", times.Local(time));
        }
    }
}
