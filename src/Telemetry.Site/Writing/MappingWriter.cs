using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Writing;

/// <summary>Writes what a route says about the payload: sections <c>json</c>, <c>csv</c>, <c>binary</c>.</summary>
internal static class MappingWriter
{
    private const int MinutesPerHour = 60;

    public static void Write(YamlWriter route, RouteDefinition definition)
    {
        if (definition.Json is { } json)
        {
            JsonMappingWriter.Write(route, json);
        }

        if (definition.Csv is { } csv)
        {
            route.Child("csv", section => WriteCsv(section, csv));
        }

        if (definition.Binary is { } binary)
        {
            route.Child("binary", section => WriteBinary(section, binary));
        }
    }

    private static void WriteCsv(YamlWriter section, CsvMapping csv)
    {
        section.List("columns", csv.Columns);
        section.Text("time", csv.Time);
        section.Text("quality", csv.Quality);
        section.List("tags", csv.Tags);
        section.Text("delimiter", csv.Delimiter switch
        {
            ',' => "comma",
            ';' => "semicolon",
            '\t' => "tab",
            '|' => "pipe",
            ' ' => "space",
            _ => "",
        });
        section.Text("decimal", csv.HasDecimalComma ? "comma" : "");
        section.Flag("header", csv.HasHeader);
        if (csv.Precision is { } precision)
        {
            section.Precision("precision", precision, unless: null);
        }

        section.Text("zone", csv.ZoneMinutes is { } minutes ? ZoneOf(minutes) : "");
    }

    public static void WriteBinary(YamlWriter section, BinaryLayout layout)
    {
        section.Always("bytes", layout.RecordBytes.ToString(CultureInfo.InvariantCulture));
        section.Flag("repeats", layout.Repeats);
        section.Text("checksum", layout.Checksum switch
        {
            BinaryChecksum.Sum8 => "sum8",
            BinaryChecksum.Xor8 => "xor8",
            BinaryChecksum.Crc16Modbus => "crc16-modbus",
            BinaryChecksum.Crc16Ccitt => "crc16-ccitt",
            BinaryChecksum.Crc32 => "crc32",
            _ => "",
        });
        if (layout.Time is { } time)
        {
            section.Child("time", child =>
            {
                WritePlace(child, time);
                child.Precision("precision", layout.Precision, TimePrecision.Seconds);
            });
        }

        section.Child("fields", fields =>
        {
            foreach (BinaryField field in layout.Fields)
            {
                fields.Child(field.Name, child => WriteField(child, field));
            }
        });
    }

    private static void WriteField(YamlWriter section, BinaryField field)
    {
        WritePlace(section, field.Place);
        section.Number("scale", field.Scale, unless: 1);
        section.Number("offset", field.Offset, unless: 0);
        section.Number("bit", field.Bit);
        section.Number("invalid", field.Invalid);
    }

    private static void WritePlace(YamlWriter section, BinaryPlace place)
    {
        section.Always("at", place.At.ToString(CultureInfo.InvariantCulture));
        section.Always("type", place.Type.ToString().ToLowerInvariant());
        section.Text("byte_order", place.IsLittleEndian ? "little" : "");
        section.Text("word_order", place.IsWordSwapped ? "swapped" : "");
    }

    public static string ZoneOf(int minutes)
    {
        int absolute = Math.Abs(minutes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(minutes < 0 ? '-' : '+')}{absolute / MinutesPerHour:00}:{absolute % MinutesPerHour:00}");
    }
}
