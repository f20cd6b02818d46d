using System.Text;

namespace Telemetry.Model;

/// <summary>
/// Unicode Normalization Form C (UAX #15) of the Basic Multilingual Plane, from a table of its own: the runtime's needs
/// ICU, which a small box may not have. Characters of other planes stay as they are.
/// </summary>
public static class NormalForm
{
    private const char FirstToChange = '\u0300'; // below it every text is in the form already
    private const int HangulFirst = 0xAC00; // the Unicode Standard, §3.12
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailBefore = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;
    private static readonly Dictionary<char, (char First, char Second)> Parts = ReadParts();
    private static readonly Dictionary<(char First, char Second), char> Wholes = ReadWholes();
    private static readonly Dictionary<char, byte> Classes = ReadClasses();

    /// <summary>The composed form of a text; the same object when it has it already.</summary>
    public static string Compose(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyInRange(FirstToChange, char.MaxValue))
        {
            return text;
        }

        var apart = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            TakeApart(c, apart);
        }

        Order(apart);
        PutTogether(apart);
        return apart.Equals(text) ? text : apart.ToString();
    }

    private static void TakeApart(char c, StringBuilder apart)
    {
        int syllable = c - HangulFirst;
        if (syllable is >= 0 and < SyllableCount)
        {
            apart.Append((char)(LeadFirst + (syllable / (VowelCount * TailCount))));
            apart.Append((char)(VowelFirst + (syllable / TailCount % VowelCount)));
            int tail = syllable % TailCount;
            _ = tail > 0 ? apart.Append((char)(TailBefore + tail)) : apart;
        }
        else if (Parts.TryGetValue(c, out (char First, char Second) parts))
        {
            TakeApart(parts.First, apart);
            if (parts.Second != '\0')
            {
                TakeApart(parts.Second, apart);
            }
        }
        else
        {
            apart.Append(c);
        }
    }

    /// <summary>Sorts the marks behind each letter by their class; those of one class keep their order.</summary>
    private static void Order(StringBuilder text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            char mark = text[i];
            byte order = ClassOf(mark);
            int place = i;
            while (order > 0 && place > 0 && ClassOf(text[place - 1]) > order)
            {
                text[place] = text[place - 1];
                place--;
            }

            text[place] = mark;
        }
    }

    private static void PutTogether(StringBuilder text)
    {
        int letter = -1;
        int length = 0;
        int last = 0; // class of the last mark that stayed between the letter and here
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            int order = ClassOf(c);
            bool isBlocked = length > letter + 1 && last >= order;
            if (letter >= 0 && !isBlocked && WholeOf(text[letter], c) is { } whole)
            {
                text[letter] = whole;
                continue;
            }

            letter = order == 0 ? length : letter;
            last = order;
            text[length++] = c;
        }

        text.Length = length;
    }

    private static char? WholeOf(char first, char second)
    {
        int lead = first - LeadFirst;
        int vowel = second - VowelFirst;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return (char)(HangulFirst + (((lead * VowelCount) + vowel) * TailCount));
        }

        int syllable = first - HangulFirst;
        int tail = second - TailBefore;
        bool isOpen = syllable is >= 0 and < SyllableCount && syllable % TailCount == 0;
        if (isOpen && tail is > 0 and < TailCount)
        {
            return (char)(first + tail);
        }

        return Wholes.TryGetValue((first, second), out char whole) ? whole : null;
    }

    private static byte ClassOf(char c) =>
        c < FirstToChange ? (byte)0 : Classes.GetValueOrDefault(c);

    private static Dictionary<char, (char First, char Second)> ReadParts()
    {
        const string All = CanonicalTable.Composites + CanonicalTable.Exclusions;
        var parts = new Dictionary<char, (char First, char Second)>(All.Length / 3);
        for (int i = 0; i < All.Length; i += 3)
        {
            parts.Add(All[i], (All[i + 1], All[i + 2]));
        }

        return parts;
    }

    private static Dictionary<(char First, char Second), char> ReadWholes()
    {
        const string All = CanonicalTable.Composites;
        var wholes = new Dictionary<(char First, char Second), char>(All.Length / 3);
        for (int i = 0; i < All.Length; i += 3)
        {
            wholes.Add((All[i + 1], All[i + 2]), All[i]);
        }

        return wholes;
    }

    private static Dictionary<char, byte> ReadClasses()
    {
        const string Runs = CanonicalTable.MarkClasses;
        var classes = new Dictionary<char, byte>();
        for (int i = 0; i < Runs.Length; i += 3)
        {
            for (char mark = Runs[i]; mark <= Runs[i + 1]; mark++)
            {
                classes.Add(mark, (byte)Runs[i + 2]);
            }
        }

        return classes;
    }
}
