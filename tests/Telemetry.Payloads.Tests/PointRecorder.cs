using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

/// <summary>Writes points down as text, as the vector files do.</summary>
/// <param name="routeSeries">A series that is not mentioned; null mentions each in its parts.</param>
public sealed class PointRecorder(string? routeSeries = null) : IPointHandler
{
    public List<string> Points { get; } = [];

    public void OnPoint(scoped in PointView point)
    {
        var text = new StringBuilder();
        string series = Encoding.UTF8.GetString(point.Series);
        if (routeSeries is null)
        {
            IReadOnlyList<Tag> tags = SeriesKey.Parse(point.Series, out string measurement);
            text.Append(measurement).Append('|');
            foreach (Tag tag in tags)
            {
                text.Append(tag.Key).Append('~').Append(tag.Value).Append('|');
            }
        }
        else if (series != routeSeries)
        {
            text.Append('{').Append(series).Append('}');
        }

        Assert.NotEqual(0, point.Fields.Length);
        foreach (FieldSlot slot in point.Fields)
        {
            text.Append(NameOf(slot, point.Text)).Append('=').Append(ValueOf(slot, point.Text));
            text.Append(slot.Written == WrittenAs.NumberInText ? "(text)" : "");
            text.Append(slot.Quality == Quality.Good ? "" : $"(q{slot.Quality})");
            text.Append(slot.UnitBytes == 0 ? "" : $"[{UnitOf(slot, point.Text)}]").Append('|');
        }

        text.Append('@').Append(
            point.HasTime ? point.Time.ToString(CultureInfo.InvariantCulture)
            : point.TimeFromArrival == 0 ? "-"
            : point.TimeFromArrival.ToString("now+0;now-0", CultureInfo.InvariantCulture));
        Points.Add(text.ToString());
    }

    private static string NameOf(in FieldSlot slot, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> key = text.Slice(slot.KeyStart, slot.KeyBytes);
        return slot.KeyIsEscaped ? SeriesKey.Unescape(key) : Encoding.UTF8.GetString(key);
    }

    private static string UnitOf(in FieldSlot slot, ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text.Slice(slot.UnitStart, slot.UnitBytes));

    private static string ValueOf(in FieldSlot slot, ReadOnlySpan<byte> text)
    {
        if (slot.Written == WrittenAs.Words)
        {
            return "words";
        }

        if (slot.Written == WrittenAs.Unsupported)
        {
            return "unsupported";
        }

        switch (slot.Type)
        {
            case FieldType.Float:
                return "f:" + BitConverter.Int64BitsToDouble(slot.Bits).ToString("R", CultureInfo.InvariantCulture);
            case FieldType.Integer:
                return $"i:{slot.Bits}";
            case FieldType.Unsigned:
                return $"u:{(ulong)slot.Bits}";
            case FieldType.Boolean:
                return $"b:{slot.Bits}";
            default:
                var batch = new PointBatch();
                long bits = batch.AddText(text.Slice(slot.ValueStart, slot.ValueBytes), slot.ValueIsEscaped);
                return "s:" + Encoding.UTF8.GetString(batch.TextOf(new SampleEntry { Bits = bits }));
        }
    }
}
