using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A WebSocket as a connection like those of a socket (MQTT 5 §6): the bytes of its binary messages, one after the
/// other, whatever their borders [MQTT-6.0.0-2]. It moves bytes and does not look into them.
/// </summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private const int ReceiveBytes = 4 * 1024;
    private const long InputBytesMax = 1024 * 1024; // as much as a socket's read buffer
    private const long OutputBytesMax = 256 * 1024;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly Pipe _input = new(new PipeOptions(
        pauseWriterThreshold: InputBytesMax,
        resumeWriterThreshold: InputBytesMax / 2,
        useSynchronizationContext: false));

    private readonly Pipe _output = new(new PipeOptions(
        pauseWriterThreshold: OutputBytesMax,
        resumeWriterThreshold: OutputBytesMax / 2,
        useSynchronizationContext: false));

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private WebSocketCloseStatus _closeStatus = WebSocketCloseStatus.NormalClosure;

    public WebSocketConnection(WebSocket socket, HttpContext http, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        ConnectionId = http.Connection.Id;
        Features = new FeatureCollection(http.Features);
        ConnectionClosed = http.RequestAborted;
        RemoteEndPoint = EndPointOf(http.Connection.RemoteIpAddress, http.Connection.RemotePort);
        LocalEndPoint = EndPointOf(http.Connection.LocalIpAddress, http.Connection.LocalPort);
        Transport = new Ends(_input.Reader, _output.Writer);
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; }

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; }

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

    /// <summary>Serves the connection until its handler has done with it.</summary>
    public async Task RunAsync(ConnectionHandler handler)
    {
        Task receiving = ReceiveAsync();
        Task sending = SendAsync();
        try
        {
            await handler.OnConnectedAsync(this);
        }
        finally
        {
            await _output.Writer.CompleteAsync();
            await _input.Reader.CompleteAsync();
            await CloseAsync(sending, receiving);
        }
    }

    private static IPEndPoint? EndPointOf(IPAddress? address, int port) =>
        address is null ? null : new IPEndPoint(address, port);

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                Memory<byte> room = _input.Writer.GetMemory(ReceiveBytes);
                ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(room, CancellationToken.None);
                if (received.MessageType != WebSocketMessageType.Binary)
                {
                    // A text frame ends the connection [MQTT-6.0.0-1]; a close frame has.
                    _closeStatus = received.MessageType == WebSocketMessageType.Text
                        ? WebSocketCloseStatus.InvalidMessageType
                        : WebSocketCloseStatus.NormalClosure;
                    break;
                }

                _input.Writer.Advance(received.Count);
                FlushResult flushed = await _input.Writer.FlushAsync();
                if (flushed.IsCompleted)
                {
                    break; // nobody reads any more
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException)
        {
            // The peer has gone without a word; the pump sees an end inside or behind a packet.
        }

        await _input.Writer.CompleteAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await _output.Reader.ReadAsync();
                await SendAsync(read.Buffer);
                _output.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException)
        {
            // As above: whoever flushes learns that nobody reads.
        }

        await _output.Reader.CompleteAsync();
    }

    private async Task SendAsync(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            if (!segment.IsEmpty) // an end without bytes is no message
            {
                await _socket.SendAsync(segment, WebSocketMessageType.Binary, true, CancellationToken.None);
            }
        }
    }

    /// <summary>Sends what is left and the close frame, waits a moment for the peer's, then cuts.</summary>
    private async Task CloseAsync(Task sending, Task receiving)
    {
        using var patience = new CancellationTokenSource(CloseTimeout, _time);
        try
        {
            await sending.WaitAsync(patience.Token);
            await _socket.CloseOutputAsync(_closeStatus, statusDescription: null, patience.Token);
            await receiving.WaitAsync(patience.Token);
            await SkipToCloseAsync(patience.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException)
        {
            // It has gone, or does not read: there is nobody to say goodbye to.
        }

        _socket.Abort();
        await sending;
        await receiving;
    }

    /// <summary>
    /// Reads on, into nothing, until the peer has closed as well: a cut with unread bytes would take the close frame
    /// with it.
    /// </summary>
    private async Task SkipToCloseAsync(CancellationToken cancellation)
    {
        byte[] nothing = new byte[ReceiveBytes];
        while (_socket.State == WebSocketState.CloseSent)
        {
            await _socket.ReceiveAsync(nothing.AsMemory(), cancellation);
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
