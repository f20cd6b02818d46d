using System.Buffers;
using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>Line protocol, a line per sample. What is no number it cannot say: such samples are left out.</summary>
internal sealed class LineExportWriter : IExportWriter
{
    public void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<Field>? columns)
    {
        // Line protocol has none.
    }

    public void WriteSample(IBufferWriter<byte> output, Field field, scoped in SampleBlock block, int index)
    {
        string value = ExportText.ValueOf(block, index);
        string? text = field.Type switch
        {
            FieldType.Float => value[^1] is >= '0' and <= '9' ? value : null,
            FieldType.Integer => value + "i",
            FieldType.Unsigned => value + "u",
            FieldType.String => $"\"{Escaped(value, "\\\"")}\"",
            _ => value,
        };
        if (text is null)
        {
            return;
        }

        output.Write(field.Series.Key.Span);
        string rest = string.Create(
            CultureInfo.InvariantCulture, $" {Escaped(field.Name, ",= ")}={text} {block.Times[index]}\n");
        Encoding.UTF8.GetBytes(rest, output);
    }

    public void WriteRow(
        IBufferWriter<byte> output, long time, IReadOnlyList<Field> columns, ReadOnlySpan<string?> values) =>
        throw new NotSupportedException("line protocol has no wide form");

    private static string Escaped(string text, string special)
    {
        foreach (char one in special)
        {
            text = text.Replace($"{one}", $"\\{one}", StringComparison.Ordinal);
        }

        return text;
    }
}
