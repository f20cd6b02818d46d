using System.Buffers;

namespace Telemetry.Payloads;

/// <summary>
/// Names of SenML (RFC 8428 §4.5.1), and how one is cut into a device and a field. Only the whole name counts: where a
/// sender cuts it into base name and name says nothing.
/// </summary>
internal static class SenmlName
{
    private const int UrnColonsMax = 3; // urn:dev:ow:10e2073a01080063 is a device and no more (RFC 9039)

    private static readonly SearchValues<byte> Allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:./_"u8);

    /// <summary>True for characters that may stand in a name.</summary>
    public static bool IsAllowed(ReadOnlySpan<byte> part) => !part.ContainsAnyExcept(Allowed);

    /// <summary>True for a character that a name may start with.</summary>
    public static bool MayStartWith(byte c) => char.IsAsciiLetterOrDigit((char)c);

    /// <summary>Cuts a name: <c>plant/CR-201/temp</c> is the field <c>temp</c> of <c>plant/CR-201</c>.</summary>
    /// <param name="name">The whole name.</param>
    /// <param name="device">What stands before the field, without the separator; empty when there is none.</param>
    /// <param name="field">What stands behind the last separator; empty when the name is a device.</param>
    public static void Cut(
        ReadOnlySpan<byte> name, out ReadOnlySpan<byte> device, out ReadOnlySpan<byte> field)
    {
        int cut = name[^1] is (byte)'/' or (byte)':' ? name.Length - 1 : name.LastIndexOf((byte)'/');
        bool isUrn = name.StartsWith("urn:"u8);
        if (cut < 0 && isUrn)
        {
            cut = name.Count((byte)':') > UrnColonsMax ? name.LastIndexOf((byte)':') : name.Length;
        }

        device = cut < 0 ? default : name[..cut];
        field = name[Math.Min(cut + 1, name.Length)..];
    }
}
