using System.Globalization;

namespace Telemetry.Ingestion;

/// <summary>
/// The words of the commissioning check in the site's three languages, from <c>check-texts.txt</c>: by key what is seen
/// and what is to be done.
/// </summary>
public static class CheckTexts
{
    private const string Resource = "Telemetry.Ingestion.check-texts.txt";
    private const char RemedyMark = '!';

    /// <summary>The languages, by their codes; the first is what every key has.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "mn", "ko"];

    /// <summary>All texts: key, then language, for remedies followed by <c>!</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All { get; } = Read();

    /// <summary>What is seen.</summary>
    public static string Seen(string language, string key, params string[] values) => Fill(All[key][language], values);

    /// <summary>What is to be done; empty when nothing is.</summary>
    public static string Remedy(string language, string key, params string[] values) =>
        All[key].TryGetValue(language + RemedyMark, out string? text) ? Fill(text, values) : "";

    private static string Fill(string text, string[] values) =>
        values.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, values);

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Read()
    {
        using Stream stream = typeof(CheckTexts).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                texts = new Dictionary<string, string>(StringComparer.Ordinal);
                all.Add(line.Trim('[', ']'), texts);
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                int space = line.IndexOf(' ', StringComparison.Ordinal);
                texts.Add(line[..space], line[(space + 1)..]);
            }
        }

        return all;
    }
}
