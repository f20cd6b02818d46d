using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Site;

/// <summary>
/// The files of a site as one text, which is archived under its hash: docs/formats/site-archive.md. Names are kept
/// without their directories, so that a site that moves stays the same site.
/// </summary>
public static class SiteSetFormat
{
    private const string Heading = "# telemetry site, version 1\n";
    private const string OwnMark = "# site file";
    private const string FragmentMark = "# fragment";

    /// <summary>The text as UTF-8.</summary>
    public static byte[] Write(SiteSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var text = new StringBuilder(Heading);
        Append(text, OwnMark, set.Own);
        foreach (SiteSource fragment in set.Fragments)
        {
            Append(text, FragmentMark, fragment);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>SHA-256 of the text: 64 lower-case hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text));

    /// <summary>Reads the text; null when it is none of ours.</summary>
    public static SiteSet? TryRead(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        if (!text.StartsWith(Heading, StringComparison.Ordinal))
        {
            return null;
        }

        var sources = new List<SiteSource>();
        int position = Heading.Length;
        while (position < text.Length)
        {
            if (TryReadSource(text, ref position) is not { } source || source.IsFragment != sources.Count > 0)
            {
                return null;
            }

            sources.Add(source);
        }

        return sources.Count == 0 ? null : new SiteSet(sources[0], [.. sources.Skip(1)]);
    }

    private static void Append(StringBuilder text, string mark, SiteSource source)
    {
        string name = Path.GetFileName(source.Name);
        text.Append(CultureInfo.InvariantCulture, $"{mark}, {source.Text.Length} characters: {name}\n")
            .Append(source.Text)
            .Append('\n');
    }

    private static SiteSource? TryReadSource(string text, ref int position)
    {
        int end = text.IndexOf('\n', position);
        if (end < 0)
        {
            return null;
        }

        string head = text[position..end];
        string[] parts = head.Split([", ", " characters: "], 3, StringSplitOptions.None);
        if (parts is not [OwnMark or FragmentMark, var digits, var name]
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > text.Length - end - 2)
        {
            return null;
        }

        position = end + 1 + length + 1;
        return new SiteSource(name, text.Substring(end + 1, length)) { IsFragment = parts[0] == FragmentMark };
    }
}
