namespace Telemetry.Model;

/// <summary>The word for each class, wherever one is written or read: answers, reports, labels.</summary>
public static class FindingClassText
{
    private static readonly string[] Words = ["process", "sensor", "gateway"]; // by number

    /// <summary>The word for a class.</summary>
    public static string Of(FindingClass origin) => Words[(int)origin];

    /// <summary>The class of a word.</summary>
    public static bool TryParse(string word, out FindingClass origin)
    {
        int place = Array.IndexOf(Words, word);
        origin = (FindingClass)Math.Max(0, place);
        return place >= 0;
    }
}
