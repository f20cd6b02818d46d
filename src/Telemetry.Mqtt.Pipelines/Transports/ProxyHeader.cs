using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The first bytes of a connection through a proxy, which say whose connection it is (the PROXY protocol of HAProxy,
/// versions 1 and 2).
/// </summary>
/// <param name="IsLocal">
/// The proxy speaks for itself, as in a health check: the connection's own address counts.
/// </param>
/// <param name="Source">The client's address and port; null when the proxy does not say.</param>
public readonly record struct ProxyHeader(bool IsLocal, IPEndPoint? Source)
{
    /// <summary>Bytes of a header: addresses take 232 at most, the rest is what proxies add behind them.</summary>
    public const int BytesMax = 1_024;

    private const int TextBytesMax = 107; // the longest line of version 1, with its end
    private const int FixedBytes = 16; // signature, version and command, family, length
    private const int CommandLocal = 0x20;
    private const int CommandProxy = 0x21;
    private const int FamilyTcp4 = 0x11;
    private const int FamilyTcp6 = 0x21;
    private const int AddressBytes4 = 12; // two addresses and two ports
    private const int AddressBytes6 = 36;
    private const int AddressLength6 = 16;

    private static ReadOnlySpan<byte> TextStart => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header from the first bytes of a connection; a short input consumes nothing.</summary>
    public static ReadStatus TryRead(ReadOnlySpan<byte> input, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        if (IsStartOf(input, TextStart))
        {
            return input.Length < TextStart.Length ? ReadStatus.NeedMore : TryReadText(input, out header, out consumed);
        }

        if (IsStartOf(input, Signature))
        {
            return input.Length < FixedBytes ? ReadStatus.NeedMore : TryReadBinary(input, out header, out consumed);
        }

        return ReadStatus.Malformed;
    }

    private static bool IsStartOf(ReadOnlySpan<byte> input, ReadOnlySpan<byte> start)
    {
        int known = Math.Min(input.Length, start.Length);
        return input[..known].SequenceEqual(start[..known]);
    }

    private static ReadStatus TryReadText(ReadOnlySpan<byte> input, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        int end = input[..Math.Min(input.Length, TextBytesMax)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return input.Length < TextBytesMax ? ReadStatus.NeedMore : ReadStatus.Malformed;
        }

        string[] words = Encoding.Latin1.GetString(input[TextStart.Length..end]).Split(' ');
        if (words[0] != "UNKNOWN") // whose rest is to be skipped
        {
            IPEndPoint? source = SourceOf(words);
            if (source is null)
            {
                return ReadStatus.Malformed;
            }

            header = new ProxyHeader(false, source);
        }

        consumed = end + 2;
        return ReadStatus.Complete;
    }

    private static IPEndPoint? SourceOf(string[] words)
    {
        AddressFamily family = words[0] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        bool isGood = words.Length == 5
            & IPAddress.TryParse(words.ElementAtOrDefault(1), out IPAddress? address)
            & ushort.TryParse(
                words.ElementAtOrDefault(3), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        return isGood && address!.AddressFamily == family ? new IPEndPoint(address, port) : null;
    }

    private static ReadStatus TryReadBinary(ReadOnlySpan<byte> input, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        int command = input[12];
        int family = input[13];
        int length = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (command is not (CommandLocal or CommandProxy) || FixedBytes + length > BytesMax)
        {
            return ReadStatus.Malformed; // before the body: the peer says how long it is
        }

        if (input.Length < FixedBytes + length)
        {
            return ReadStatus.NeedMore;
        }

        ReadOnlySpan<byte> body = input.Slice(FixedBytes, length);
        bool isShort = command == CommandProxy
            && ((family == FamilyTcp4 && length < AddressBytes4) || (family == FamilyTcp6 && length < AddressBytes6));
        if (isShort)
        {
            return ReadStatus.Malformed;
        }

        consumed = FixedBytes + length;
        header = command == CommandLocal ? new ProxyHeader(true, null) : new ProxyHeader(false, SourceOf(family, body));
        return ReadStatus.Complete;
    }

    /// <summary>Other families, such as those of local sockets, name no address that means anything here.</summary>
    private static IPEndPoint? SourceOf(int family, ReadOnlySpan<byte> body) => family switch
    {
        FamilyTcp4 => new IPEndPoint(new IPAddress(body[..4]), BinaryPrimitives.ReadUInt16BigEndian(body[8..])),
        FamilyTcp6 => new IPEndPoint(
            new IPAddress(body[..AddressLength6]), BinaryPrimitives.ReadUInt16BigEndian(body[(2 * AddressLength6)..])),
        _ => null,
    };
}
