namespace Telemetry.Payloads;

/// <summary>The words for labels in JSON, and the numbers that stand for them in CBOR (RFC 8428 §6).</summary>
internal static class SenmlLabels
{
    /// <summary>The label that a key means.</summary>
    /// <param name="key">The key, without escapes.</param>
    /// <param name="isCbor">Numbers are labels too; in JSON they are other people's words.</param>
    public static SenmlLabel Of(ReadOnlySpan<byte> key, bool isCbor) => key.Length switch
    {
        1 => OfLetter(key[0], isCbor),
        2 => OfPair(key, isCbor),
        4 when key.SequenceEqual("bver"u8) => SenmlLabel.BaseVersion,
        _ => SenmlLabel.Unknown,
    };

    /// <summary>True for a label that says something of the records to come, not of its own alone.</summary>
    public static bool IsBase(SenmlLabel label) => label is >= SenmlLabel.BaseVersion and <= SenmlLabel.BaseSum;

    /// <summary>True for a value; a record has one at most.</summary>
    public static bool IsValue(SenmlLabel label) => label is >= SenmlLabel.Value and <= SenmlLabel.DataValue;

    private static SenmlLabel OfLetter(byte letter, bool isCbor) => letter switch
    {
        (byte)'n' => SenmlLabel.Name,
        (byte)'u' => SenmlLabel.Unit,
        (byte)'v' => SenmlLabel.Value,
        (byte)'s' => SenmlLabel.Sum,
        (byte)'t' => SenmlLabel.Time,
        >= (byte)'0' and <= (byte)'8' when isCbor => OfDigit(letter),
        _ => SenmlLabel.Unknown,
    };

    private static SenmlLabel OfDigit(byte digit) => digit switch
    {
        (byte)'0' => SenmlLabel.Name,
        (byte)'1' => SenmlLabel.Unit,
        (byte)'2' => SenmlLabel.Value,
        (byte)'3' => SenmlLabel.StringValue,
        (byte)'4' => SenmlLabel.BooleanValue,
        (byte)'5' => SenmlLabel.Sum,
        (byte)'6' => SenmlLabel.Time,
        (byte)'7' => SenmlLabel.UpdateTime,
        _ => SenmlLabel.DataValue,
    };

    private static SenmlLabel OfPair(ReadOnlySpan<byte> key, bool isCbor) => (key[0], key[1]) switch
    {
        ((byte)'b', (byte)'n') => SenmlLabel.BaseName,
        ((byte)'b', (byte)'t') => SenmlLabel.BaseTime,
        ((byte)'b', (byte)'u') => SenmlLabel.BaseUnit,
        ((byte)'b', (byte)'v') => SenmlLabel.BaseValue,
        ((byte)'b', (byte)'s') => SenmlLabel.BaseSum,
        ((byte)'v', (byte)'s') => SenmlLabel.StringValue,
        ((byte)'v', (byte)'b') => SenmlLabel.BooleanValue,
        ((byte)'v', (byte)'d') => SenmlLabel.DataValue,
        ((byte)'u', (byte)'t') => SenmlLabel.UpdateTime,
        ((byte)'-', >= (byte)'1' and <= (byte)'6') when isCbor => OfNegative(key[1]),
        _ => SenmlLabel.Unknown,
    };

    private static SenmlLabel OfNegative(byte digit) => digit switch
    {
        (byte)'1' => SenmlLabel.BaseVersion,
        (byte)'2' => SenmlLabel.BaseName,
        (byte)'3' => SenmlLabel.BaseTime,
        (byte)'4' => SenmlLabel.BaseUnit,
        (byte)'5' => SenmlLabel.BaseValue,
        _ => SenmlLabel.BaseSum,
    };
}
