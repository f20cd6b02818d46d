using System.Net;
using System.Net.Sockets;

namespace Telemetry.Service;

/// <summary>
/// Takes all ports for a moment before anything is opened, so that a port that is not to be had is told by its setting,
/// and the data directory is left alone.
/// </summary>
internal static class ListenProbe
{
    /// <exception cref="IOException">A port is not to be had; the message names its setting.</exception>
    public static void Require(ServiceOptions options)
    {
        var taken = new List<TcpListener>();
        try
        {
            taken.Add(Take("Mqtt", options.Mqtt.Address, options.Mqtt.Port));
            taken.Add(Take("Http", options.Http.Address, options.Http.Port));
            taken.AddRange(options.Mqtt.Listeners.Select((listener, index) =>
                Take($"Mqtt:Listeners:{index}", listener.Address, listener.Port)));
        }
        finally
        {
            taken.ForEach(listener => listener.Dispose());
        }
    }

    private static TcpListener Take(string section, string address, int port)
    {
        var listener = new TcpListener(IPAddress.Parse(address), port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException cause)
        {
            listener.Dispose();
            string remedy = cause.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "another program listens there",
                SocketError.AccessDenied => "this user may not listen there, ports below 1024 are the system's",
                SocketError.AddressNotAvailable => "this machine has no such address",
                _ => cause.Message,
            };
            throw new IOException(
                $"cannot listen on {address}:{port}: {remedy}; nothing was opened, set {section}:Port or "
                + $"{section}:Address");
        }
    }
}
