using System.Globalization;

namespace Telemetry.Spool;

/// <summary>
/// File names of segments: the first logical offset in 20 decimal digits and a suffix that says what the file is.
/// </summary>
internal static class SegmentName
{
    /// <summary>A segment of the log.</summary>
    public const string Suffix = ".seg";

    /// <summary>A file not yet complete; it holds nothing that was acknowledged.</summary>
    public const string UnfinishedSuffix = ".new";

    /// <summary>The file of a deleted segment, kept to become another; what it holds is of the log no longer.</summary>
    public const string SpareSuffix = ".spare";

    /// <summary>A corrupt segment whose whole records are being copied out.</summary>
    public const string SalvageSuffix = ".salvage";

    /// <summary>A corrupt file set aside for people to look at; the spool never reads or deletes it.</summary>
    public const string CorruptSuffix = ".corrupt";

    private const int DigitCount = 20; // long.MaxValue has 19; one more, so that nobody takes the name for a time

    public static string Of(long firstOffset, string suffix = Suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{firstOffset:D20}{suffix}");

    public static bool TryParse(string name, string suffix, out long firstOffset)
    {
        firstOffset = 0;
        return name.Length > DigitCount
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && IsSuffixOrNumbered(name.AsSpan(DigitCount), suffix)
            && long.TryParse(
                name.AsSpan(0, DigitCount), NumberStyles.None, CultureInfo.InvariantCulture, out firstOffset);
    }

    // Only files set aside are numbered: the same offset can go wrong twice.
    private static bool IsSuffixOrNumbered(ReadOnlySpan<char> rest, string suffix) =>
        rest.Length == suffix.Length || (suffix == CorruptSuffix && rest[0] == '.');
}
