namespace Telemetry.Model;

/// <summary>The word for each verdict, wherever one is written or read.</summary>
public static class OperatorVerdictText
{
    private static readonly string[] Words = ["", "true", "false", "expected"]; // by number

    /// <summary>The word for a verdict.</summary>
    public static string Of(OperatorVerdict verdict) => Words[(int)verdict];

    /// <summary>The verdict of a word.</summary>
    public static bool TryParse(string word, out OperatorVerdict verdict)
    {
        int place = Array.IndexOf(Words, word);
        verdict = (OperatorVerdict)Math.Max(0, place);
        return place > 0;
    }
}
