using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>A listening socket and what it accepts.</summary>
internal sealed class PlainListener : IConnectionListener
{
    private const int BacklogMax = 4_096; // a mine's gateways come back together; the system has a ceiling of its own

    private static readonly TimeSpan DescriptorPause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TimeProvider _time;

    /// <exception cref="AddressInUseException">Somebody listens there already.</exception>
    public PlainListener(IPEndPoint endPoint, TimeProvider time)
    {
        _time = time;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            _socket.DualMode = true;
        }

        try
        {
            _socket.Bind(endPoint);
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            _socket.Dispose();
            throw new AddressInUseException(inUse.Message, inUse);
        }

        _socket.Listen(BacklogMax);
        EndPoint = _socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(cancellationToken);
                return new PlainConnection(accepted);
            }
            catch (Exception closed) when (closed is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null; // unbound
            }
            catch (SocketException none) when (none.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                await Task.Delay(DescriptorPause, _time, cancellationToken); // they wait in the queue meanwhile
            }
            catch (SocketException)
            {
                accepted?.Dispose(); // reset in the queue: the next one may do better
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
