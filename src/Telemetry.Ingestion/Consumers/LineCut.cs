namespace Telemetry.Ingestion;

/// <summary>
/// Cuts lines as the line-protocol writer writes them, between two lines only: a text may hold a newline, and a quote
/// in a name opens no text. A backslash always escapes, for names that hold one are not written.
/// </summary>
internal static class LineCut
{
    /// <summary>Where the line after the first <paramref name="count"/> lines starts.</summary>
    public static int After(ReadOnlySpan<byte> lines, int count)
    {
        int position = 0;
        while (count > 0 && position < lines.Length)
        {
            position += BytesOfFirst(lines[position..]);
            count--;
        }

        return position;
    }

    private static int BytesOfFirst(ReadOnlySpan<byte> lines)
    {
        bool inFields = false;
        bool inText = false;
        int equals = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            switch (lines[i])
            {
                case (byte)'\\':
                    i++;
                    break;
                case (byte)'"':
                    inText = !inText && inFields && equals == i - 1;
                    break;
                case (byte)'\n' when !inText:
                    return i + 1;
                case (byte)' ' when !inText:
                    inFields = true;
                    break;
                case (byte)'=' when !inText:
                    equals = i;
                    break;
                default:
                    break;
            }
        }

        return lines.Length;
    }
}
