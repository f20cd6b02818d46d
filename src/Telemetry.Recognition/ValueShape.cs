using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Recognition;

/// <summary>What a value must look like to be a clue.</summary>
/// <param name="Words">How evidence names it, behind "with".</param>
/// <param name="Fits">Whether a value looks like it.</param>
/// <param name="Weight">How many times it halves the doubt: one for what hardly stands there by chance.</param>
internal sealed record ValueShape(string Words, Func<PayloadNode, bool> Fits, double Weight = 1)
{
    private const double SecondsMin = 1e9; // September 2001
    private const double SecondsMax = 5e9; // 2128

    public static ValueShape Anything { get; } = new("a value", _ => true, 0.5);

    public static ValueShape Number { get; } = new("a number", node => node.Kind == NodeKind.Number, 0.5);

    public static ValueShape Truth { get; } = new("true or false", node => node.Kind == NodeKind.Truth, 0.5);

    public static ValueShape Text { get; } = new("text", node => node.Kind == NodeKind.Text, 0.5);

    public static ValueShape Members { get; } = new("an object", node => node.Kind == NodeKind.Object, 0.5);

    public static ValueShape List { get; } = new("an array", node => node.Kind == NodeKind.Array, 0.5);

    public static ValueShape Value { get; } =
        new("a value", node => node.Kind is NodeKind.Number or NodeKind.Truth or NodeKind.Text or NodeKind.Null, 0.5);

    public static ValueShape Seconds { get; } = new("seconds since 1970", node => Is(node.Number, 1));

    public static ValueShape Milliseconds { get; } = new("milliseconds since 1970", node => Is(node.Number, 1e3));

    public static ValueShape SecondsInText { get; } =
        new("seconds since 1970 in quotes", node => node.Kind == NodeKind.Text && Is(NumberIn(node.Text), 1));

    public static ValueShape IsoTime { get; } = new("a time in ISO 8601", node =>
        Regex.IsMatch(node.Text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$"));

    public static ValueShape LocalTime { get; } = new("a local time without zone", node =>
        Regex.IsMatch(node.Text, @"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$"));

    public static ValueShape Uuid { get; } = new("a UUID", node => Guid.TryParseExact(node.Text, "D", out _));

    public static ValueShape Mac { get; } = new("a MAC address", node =>
        Regex.IsMatch(node.Text, "^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$"));

    public static ValueShape HexBytes { get; } = new("bytes in hexadecimal", node =>
        node.Kind == NodeKind.Text && node.Text.Length > 0 && Regex.IsMatch(node.Text, "^([0-9A-Fa-f]{2})*$"));

    /// <summary>A number of hexadecimal digits.</summary>
    public static ValueShape Hex(int digits) => new(
        $"{digits} hex digits",
        node => node.Kind == NodeKind.Text && node.Text.Length == digits && node.Text.All(char.IsAsciiHexDigit));

    /// <summary>One of some words, as written.</summary>
    public static ValueShape Word(params string[] words) =>
        new($"the word \"{string.Join("\" or \"", words)}\"", node => words.Contains(node.Text));

    /// <summary>Text with a beginning.</summary>
    public static ValueShape TextFrom(string start) =>
        new($"text from \"{start}\" on", node => node.Text.StartsWith(start, StringComparison.Ordinal));

    /// <summary>A number between two, both allowed.</summary>
    public static ValueShape Between(double low, double high) => new(
        FormattableString.Invariant($"a number from {low} to {high}"),
        node => node.Number >= low && node.Number <= high);

    /// <summary>An object of which every member has one of some keys.</summary>
    public static ValueShape MembersWith(params string[] keys) => new(
        $"members that have \"{string.Join("\" or \"", keys)}\"",
        node => node.Kind == NodeKind.Object
            && node.Members.Count > 0
            && node.Members.All(member => keys.Any(key => member.Value.Member(key) is not null)));

    private static bool Is(double number, double unitsPerSecond) =>
        number >= SecondsMin * unitsPerSecond && number <= SecondsMax * unitsPerSecond;

    private static double NumberIn(string text) =>
        double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
}
