using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Reads names of a line as the line-protocol writer writes it. A backslash always escapes, for names that hold one are
/// not written.
/// </summary>
internal static class LineFields
{
    /// <summary>The measurement without escapes.</summary>
    public static string MeasurementOf(ReadOnlySpan<byte> line)
    {
        SeriesKey.Parse(line[..EndOf(line, (byte)' ')], out string measurement);
        return measurement;
    }

    /// <summary>True when the line is of that measurement and has that field, both without escapes.</summary>
    public static bool Holds(ReadOnlySpan<byte> line, string measurement, string field)
    {
        if (MeasurementOf(line) != measurement)
        {
            return false;
        }

        line = line[EndOf(line, (byte)' ')..];
        while (!line.IsEmpty && line[0] is (byte)' ' or (byte)',')
        {
            line = line[1..];
            int equals = EndOf(line, (byte)'=');
            if (SeriesKey.Unescape(line[..equals]) == field)
            {
                return true;
            }

            line = line[Math.Min(equals + 1, line.Length)..];
            line = line[ValueBytes(line)..];
            if (!line.IsEmpty && line[0] == ' ')
            {
                return false; // the time follows
            }
        }

        return false;
    }

    private static int ValueBytes(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            int end = text.IndexOfAny((byte)',', (byte)' ');
            return end < 0 ? text.Length : end;
        }

        int close = 1 + EndOf(text[1..], (byte)'"');
        return Math.Min(close + 1, text.Length);
    }

    /// <summary>Where a byte stands that no backslash escapes; the text's length without it.</summary>
    private static int EndOf(ReadOnlySpan<byte> text, byte wanted)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == wanted)
            {
                return i;
            }
        }

        return text.Length;
    }
}
