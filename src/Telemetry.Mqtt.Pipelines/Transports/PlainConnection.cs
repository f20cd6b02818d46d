using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A connection of <see cref="PlainTransport"/>. It says nothing by
/// <see cref="BaseConnectionContext.ConnectionClosed"/>: the end shows where it is read or written.
/// </summary>
internal sealed class PlainConnection : ConnectionContext, IConnectionSocketFeature, IDuplexPipe
{
    private static long _count;

    private readonly SocketInput _input;
    private readonly SocketOutput _output;
    private string? _id;
    private IDictionary<object, object?>? _items;

    public PlainConnection(Socket socket)
    {
        socket.NoDelay = true;
        socket.Blocking = false; // a send says that it would wait
        Socket = socket;
        _input = new SocketInput(socket);
        _output = new SocketOutput(socket);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        Transport = this;
        Features.Set<IConnectionSocketFeature>(this);
    }

    /// <inheritdoc/>
    public Socket Socket { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => _id ??= string.Create(CultureInfo.InvariantCulture, $"mqtt-{Interlocked.Increment(ref _count)}");
        set => _id = value;
    }

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => Socket.Dispose();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }

        Socket.Dispose();
        await _input.CompleteAsync();
        _output.Release();
        await base.DisposeAsync();
    }
}
