namespace Telemetry.Recognition;

/// <summary>A key that must be there, and what its value looks like.</summary>
/// <param name="Paths">Paths of which one must lead to values, and all these fit.</param>
/// <param name="Shape">What the values look like.</param>
internal sealed record Clue(IReadOnlyList<string> Paths, ValueShape Shape)
{
    public static Clue Key(string path, ValueShape? shape = null) => new([path], shape ?? ValueShape.Anything);

    public static Clue AnyKey(params string[] paths) => new(paths, ValueShape.Anything);

    /// <summary>Looks for it in a payload.</summary>
    /// <returns>A sentence about what was found; null when it is not there.</returns>
    public string? FindIn(PayloadNode root)
    {
        foreach (string path in Paths)
        {
            PayloadNode[] found = [.. root.At(path)];
            if (found.Length > 0 && found.All(Shape.Fits))
            {
                return path.Length == 0
                    ? $"the payload has {Shape.Words}"
                    : $"key {path} with {Shape.Words}{Quote(found[0])}";
            }
        }

        return null;
    }

    private static string Quote(PayloadNode node)
    {
        if (!node.IsScalar || node.Text.Length == 0)
        {
            return "";
        }

        string text = node.Text.Length > RecognitionLimits.QuotedCharactersMax
            ? node.Text[..RecognitionLimits.QuotedCharactersMax] + "…"
            : node.Text;
        return $": {text}";
    }
}
