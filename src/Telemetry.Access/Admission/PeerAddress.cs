using System.Net;
using System.Net.Sockets;

namespace Telemetry.Access;

/// <summary>What a peer's address says about it.</summary>
internal static class PeerAddress
{
    private const int NetworkBytes = 8; // one IPv6 customer has a /64 at least, and all of its addresses

    /// <summary>Whether the peer is on this machine; an unknown address is not.</summary>
    public static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(Plain(address));

    /// <summary>What failed attempts are counted by: an IPv4 address, or an IPv6 network of 64 bits.</summary>
    public static string SourceOf(IPAddress? address)
    {
        if (address is null)
        {
            return "an unknown address";
        }

        IPAddress plain = Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain.ToString();
        }

        byte[] network = plain.GetAddressBytes();
        network.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(network)}/64";
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
