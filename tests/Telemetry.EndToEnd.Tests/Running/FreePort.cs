using System.Net;
using System.Net.Sockets;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A port for programs that cannot pick a free one themselves.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
