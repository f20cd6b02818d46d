namespace Telemetry.Site.Reading;

/// <summary>Finds the word that was probably meant.</summary>
public static class Suggestion
{
    private const int WordsListedMax = 12;

    /// <summary>"did you mean …" for a near miss, else the words there are.</summary>
    public static string For(string wrong, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (Nearest(wrong, known) is { } best)
        {
            return $"did you mean \"{best}\"";
        }

        string more = known.Count > WordsListedMax ? $" and {known.Count - WordsListedMax} more" : "";
        return known.Count == 0
            ? "there are none"
            : $"write one of {string.Join(", ", known.Take(WordsListedMax))}{more}";
    }

    /// <summary>The word that is a near miss; null when there is none.</summary>
    public static string? Nearest(string wrong, IEnumerable<string> known) => known
        .Select(word => (Word: word, Distance: Distance(wrong, word)))
        .Where(pair => pair.Distance <= Math.Max(1, pair.Word.Length / 3))
        .OrderBy(pair => pair.Distance)
        .ThenBy(pair => pair.Word, StringComparer.Ordinal)
        .Select(pair => pair.Word)
        .FirstOrDefault();

    /// <summary>Levenshtein's distance, letter case ignored.</summary>
    public static int Distance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                bool same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                int replaced = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
