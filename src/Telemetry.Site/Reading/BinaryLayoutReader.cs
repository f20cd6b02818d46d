using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>Reads the section <c>binary</c> of a route: where the values of a fixed-layout payload stand.</summary>
internal static class BinaryLayoutReader
{
    private const int RecordBytesMax = 65_535;
    private const int BitMax = 63;

    private static readonly string[] Keys =
        ["bytes", "repeats", "byte_order", "word_order", "checksum", "time", "fields"];

    private static readonly string[] TimeKeys = ["at", "type", "byte_order", "word_order", "precision"];

    private static readonly string[] FieldKeys =
        ["at", "type", "byte_order", "word_order", "scale", "ratio", "offset", "bit", "invalid"];

    private static readonly string[] Types = [.. Enum.GetNames<BinaryType>().Select(name => name.ToLowerInvariant())];

    private static readonly Dictionary<string, BinaryChecksum> Checksums = new(StringComparer.Ordinal)
    {
        ["none"] = BinaryChecksum.None,
        ["sum8"] = BinaryChecksum.Sum8,
        ["xor8"] = BinaryChecksum.Xor8,
        ["crc16-modbus"] = BinaryChecksum.Crc16Modbus,
        ["crc16-ccitt"] = BinaryChecksum.Crc16Ccitt,
        ["crc32"] = BinaryChecksum.Crc32,
    };

    public static BinaryLayout? Read(Section route, FaultList faults)
    {
        if (!route.Has("binary"))
        {
            route.Report(
                "decoder", "cannot decode binary without a layout; write key \"binary\" with bytes and fields");
            return null;
        }

        Section section = route.Child("binary", Keys);
        int recordBytes = (int)section.Number("bytes", 0, 1, RecordBytesMax);
        if (!section.Has("bytes"))
        {
            section.Report("bytes", "cannot do without key \"bytes\"; write the length of one record, such as 16");
        }

        BinaryPlace orders = ReadOrders(section, default);
        var fields = new List<BinaryField>();
        foreach (NodeEntry entry in section.Entries("fields"))
        {
            string path = $"{section.PathOf("fields")}.{entry.Key.Text}";
            Section field = Section.Open(entry.Value, path, faults, FieldKeys);
            fields.Add(ReadField(entry.Key.Text, field, orders, recordBytes));
        }

        if (fields.Count == 0)
        {
            section.Report(
                "fields", "cannot decode without fields; write at least one, such as level: {at: 0, type: u16}");
        }

        Section time = section.Child("time", TimeKeys);
        var layout = new BinaryLayout
        {
            RecordBytes = Math.Max(recordBytes, 1),
            Repeats = section.Flag("repeats", false),
            Checksum = ReadOneOf(section, "checksum", Checksums, BinaryChecksum.None),
            Time = section.Has("time") ? ReadPlace(time, orders, recordBytes) : null,
            Precision = RouteReader.ReadPrecision(time, TimePrecision.Seconds),
            Fields = fields,
        };
        if (layout.ChecksumBytes >= layout.RecordBytes)
        {
            section.Report("checksum", $"cannot check: a record of {recordBytes} has no room for it; write more bytes");
        }

        return layout;
    }

    private static BinaryField ReadField(string name, Section section, BinaryPlace orders, int recordBytes)
    {
        BinaryPlace place = ReadPlace(section, orders, recordBytes);
        bool isBit = section.Has("bit");
        int bit = (int)section.Number("bit", 0, 0, BitMax);
        if (isBit && (bit >= place.Bytes * 8 || place.Type is BinaryType.F32 or BinaryType.F64))
        {
            section.Report("bit", $"cannot take bit {bit} of {Name(place.Type)}; write one of its bits, from 0 on");
        }

        return new BinaryField
        {
            Name = name,
            Place = place,
            Scale = section.Number("scale", 1) * ReadRatio(section),
            Offset = section.Number("offset", 0),
            Bit = isBit ? bit : null,
            Invalid = section.Has("invalid") ? section.Number("invalid", 0) : null,
        };
    }

    private static BinaryPlace ReadPlace(Section section, BinaryPlace orders, int recordBytes)
    {
        string type = section.RequireText("type", "u16");
        if (type.Length > 0 && !Types.Contains(type))
        {
            section.Report("type", $"cannot use type \"{type}\": unknown; {Suggestion.For(type, Types)}");
            type = "u8";
        }

        section.RequireText("at", "0");
        int at = (int)section.Number("at", 0, 0, RecordBytesMax);
        BinaryPlace place = ReadOrders(section, orders) with
        {
            At = at,
            Type = Enum.Parse<BinaryType>(type.Length > 0 ? type : "u8", ignoreCase: true),
        };
        if (recordBytes > 0 && at + place.Bytes > recordBytes)
        {
            section.Report(
                "at",
                $"cannot read {place.Bytes} bytes at {at} of a record of {recordBytes}; write a smaller \"at\" or more "
                + "\"bytes\"");
        }

        return place;
    }

    private static BinaryPlace ReadOrders(Section section, BinaryPlace orders)
    {
        var bytes = new Dictionary<string, bool>(StringComparer.Ordinal) { ["big"] = false, ["little"] = true };
        var words = new Dictionary<string, bool>(StringComparer.Ordinal) { ["straight"] = false, ["swapped"] = true };
        return orders with
        {
            IsLittleEndian = ReadOneOf(section, "byte_order", bytes, orders.IsLittleEndian),
            IsWordSwapped = ReadOneOf(section, "word_order", words, orders.IsWordSwapped),
        };
    }

    private static T ReadOneOf<T>(Section section, string key, Dictionary<string, T> known, T fallback)
    {
        string text = section.Text(key);
        if (text.Length == 0 || known.TryGetValue(text, out T? value))
        {
            return text.Length == 0 ? fallback : known[text];
        }

        section.Report(key, $"cannot use {key} \"{text}\": unknown; write one of {string.Join(", ", known.Keys)}");
        return fallback;
    }

    /// <summary>The ratio of a transformer as its plate has it: <c>400/5</c>, or a number.</summary>
    private static double ReadRatio(Section section)
    {
        string text = section.Text("ratio", "1");
        string[] parts = text.Split('/');
        bool isRatio = TryRead(parts[0], out double primary)
            & TryRead(parts.Length == 2 ? parts[1] : "1", out double secondary)
            & parts.Length <= 2;
        if (isRatio && secondary != 0)
        {
            return primary / secondary;
        }

        section.Report("ratio", $"cannot use ratio \"{text}\"; write primary and secondary, such as 400/5");
        return 1;
    }

    private static bool TryRead(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static string Name(BinaryType type) => type.ToString().ToLowerInvariant();
}
