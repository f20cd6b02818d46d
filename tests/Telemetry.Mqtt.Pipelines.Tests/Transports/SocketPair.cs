using System.Net;
using System.Net.Sockets;

namespace Telemetry.Mqtt.Pipelines.Transports;

/// <summary>A connection of the plain transport, and the socket of its peer.</summary>
internal sealed class SocketPair : IAsyncDisposable
{
    private readonly PlainListener _listener;

    private SocketPair(PlainListener listener, Socket peer, PlainConnection connection)
    {
        _listener = listener;
        Peer = peer;
        Connection = connection;
    }

    public Socket Peer { get; }

    public PlainConnection Connection { get; }

    public SocketInput Input => (SocketInput)Connection.Transport.Input;

    public SocketOutput Output => (SocketOutput)Connection.Transport.Output;

    public static async Task<SocketPair> OpenAsync()
    {
        var listener = new PlainListener(new PlainEndPoint(IPAddress.Loopback, 0), TimeProvider.System);
        Socket peer = Connect(listener.EndPoint);
        var connection = (PlainConnection)(await listener.AcceptAsync())!;
        return new SocketPair(listener, peer, connection);
    }

    public async ValueTask DisposeAsync()
    {
        Peer.Dispose();
        await Connection.DisposeAsync();
        await _listener.DisposeAsync();
    }

    /// <summary>Without waiting: a socket that never did allocates nothing of its own.</summary>
    private static Socket Connect(EndPoint endPoint)
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        peer.Connect(endPoint);
        return peer;
    }
}
