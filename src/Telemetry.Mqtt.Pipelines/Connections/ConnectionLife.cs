using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// One connection from its socket to its end: run the pump, take leave of the broker, hand the will in, tell the peer
/// why, and linger so that it can read that.
/// </summary>
/// <remarks>
/// A socket that is closed with unread bytes in it sends a reset, which can destroy a DISCONNECT on its way. So after a
/// refusal the sending side is shut down and the peer is read on, into nothing, until it closes or the linger is over.
/// The transport does not say when its last byte has left, so the shutdown waits a moment for it.
/// </remarks>
internal sealed class ConnectionLife(ConnectionContext transport, ConnectionParts parts) : IDisposable
{
    private static readonly TimeSpan LastByteTime = TimeSpan.FromMilliseconds(50); // to pass from pipe to socket

    private readonly Connection _connection = new(transport, parts);

    /// <summary>
    /// Serves a connection; completes when it is over. One method for all, since what waits here is kept in memory for
    /// each idle connection.
    /// </summary>
    public static async Task RunAsync(ConnectionContext transport, ConnectionParts parts)
    {
        using var life = new ConnectionLife(transport, parts);
        using var framer = new FramerState(parts.Options.PacketBytesMax);
        using CancellationTokenRegistration shutdown = life.WatchShutdown();
        parts.Broker.Sweep.Add(life._connection);
        PumpEnd end = PumpEnd.Truncated;
        try
        {
            end = await PacketPump.RunAsync(transport.Transport.Input, framer, life._connection);
        }
        catch (Exception reset) when (reset is IOException or OperationCanceledException)
        {
            // Reset by the peer, or aborted under us: truncated, as it was before the first packet.
        }
        finally
        {
            parts.Broker.Sweep.Remove(life._connection);
            await life.EndAsync(end);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private CancellationTokenRegistration WatchShutdown()
    {
        var lifetime = transport.Features.Get<IConnectionLifetimeNotificationFeature>();
        return lifetime is null
            ? default
            : lifetime.ConnectionClosedRequested.Register(
                static connection => ((Connection)connection!).Stop(ReasonCode.ServerShuttingDown), _connection);
    }

    private async Task EndAsync(PumpEnd end)
    {
        _connection.TakeStopReason();
        Note(end);
        byte[] lastPacket = LastPacket.Render(_connection, parts.Options);
        _connection.Outbox.Close(lastPacket);
        await LeaveAsync();
        parts.Broker.Forget(_connection);
        _ = _connection.DetachAsync(); // the peer need not wait for whom it took over
        bool peerReads = lastPacket.Length > 0 && end is not (PumpEnd.Ended or PumpEnd.Truncated);
        await LingerAsync(peerReads);
    }

    private void Note(PumpEnd end)
    {
        Refusal refusal = _connection.Refusal;
        if (_connection.IsAccepted)
        {
            parts.Authenticator.OnDisconnected(
                _connection.Identity,
                _connection.ClientIdentifier,
                (transport.RemoteEndPoint as IPEndPoint)?.Address,
                refusal.IsSet ? refusal.Text : end.ToString());
        }

        if (refusal.IsSet)
        {
            parts.Metrics.OnRefused(refusal.Code);
            if (refusal.Malformed != MalformedReason.None)
            {
                parts.Metrics.OnMalformed(refusal.Malformed);
            }

            MqttLog.Refused(
                parts.Log, _connection.ClientIdentifier, _connection.RemoteAddress, refusal.Text, refusal.Code);
            return;
        }

        if (end == PumpEnd.Truncated)
        {
            parts.Metrics.OnTruncated();
        }

        MqttLog.Disconnected(parts.Log, _connection.ClientIdentifier, _connection.RemoteAddress, end);
    }

    /// <summary>
    /// Takes leave of the broker and writes down what a restart has to know. The will is the last message of the
    /// connection, or waits in the session that goes on.
    /// </summary>
    private async Task LeaveAsync()
    {
        bool isLogged = _connection.IsLogged;
        SessionWill? will = parts.Broker.Leave(_connection);
        if (!_connection.IsConnected)
        {
            return;
        }

        parts.Metrics.OnDisconnected();
        if (isLogged)
        {
            await AppendFarewellAsync(_connection.Inflow!, _connection.Session!.State, will);
        }

        _connection.Inflow!.Abandon();
    }

    private async Task AppendFarewellAsync(PublishInflow inflow, ClientSession state, SessionWill? will)
    {
        if (will is not null)
        {
            inflow.Add(will);
        }

        if (state.IsDurable)
        {
            inflow.Add(SessionEventKind.Closed, SessionEventFormat.Closed(state.ExpirySeconds, state.Will is not null));
        }
        else
        {
            inflow.Add(SessionEventKind.Ended, default);
        }

        try
        {
            await inflow.AppendLastAsync(TimeSpan.FromSeconds(parts.Options.WillTimeoutSeconds));
        }
        catch (OperationCanceledException)
        {
            MqttLog.FarewellLost(parts.Log, _connection.ClientIdentifier, parts.Options.WillTimeoutSeconds);
        }
    }

    private async Task LingerAsync(bool peerReads)
    {
        using var patience = new CancellationTokenSource(
            TimeSpan.FromSeconds(parts.Options.LingerSeconds), parts.Time);
        PipeReader input = transport.Transport.Input;
        try
        {
            await _connection.Outbox.Closed.WaitAsync(patience.Token);
            TimeSpan shutdownIn = peerReads ? LastByteTime : Timeout.InfiniteTimeSpan;
            using ITimer shutdown = parts.Time.CreateTimer(
                _ => ShutDownSending(), null, shutdownIn, Timeout.InfiniteTimeSpan);
            while (peerReads)
            {
                ReadResult read = await input.ReadAsync(patience.Token);
                input.AdvanceTo(read.Buffer.End);
                peerReads = !read.IsCompleted;
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // The linger is over, or the peer has gone: either way nothing is left to do for it.
        }

        await CloseAsync();
    }

    private void ShutDownSending()
    {
        try
        {
            transport.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }

    /// <summary>The pipe's writer may be completed only when the outbox has let go of it.</summary>
    private async Task CloseAsync()
    {
        if (!_connection.Outbox.Closed.IsCompleted)
        {
            transport.Abort(); // the peer does not read: this ends the flush that waits for it
            await _connection.Outbox.Closed;
        }

        await transport.Transport.Input.CompleteAsync();
        await transport.Transport.Output.CompleteAsync();
    }
}
