using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The step of a listener behind a proxy, before TLS: reads the header and gives the connection its client's address.
/// A connection without a whole header in time is closed, and so is one that claims to come from this machine, since
/// that would open what is open to loopback only.
/// </summary>
public sealed class ProxyProtocol(TimeProvider time, ILogger<ProxyProtocol> log)
{
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Puts the step in front of another.</summary>
    public ConnectionDelegate Enter(ConnectionDelegate next) => async connection =>
    {
        string fault = await ReadHeaderAsync(connection);
        if (fault.Length == 0)
        {
            await next(connection);
            return;
        }

        log.ProxyHeaderRefused(connection.RemoteEndPoint?.ToString() ?? "", fault);
        connection.Abort();
    };

    private async Task<string> ReadHeaderAsync(ConnectionContext connection)
    {
        using var patience = new CancellationTokenSource(HeaderTimeout, time);
        PipeReader input = connection.Transport.Input;
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(patience.Token);
                (ReadStatus status, ProxyHeader header, int consumed) = TryRead(read.Buffer);
                if (status == ReadStatus.Complete)
                {
                    input.AdvanceTo(read.Buffer.GetPosition(consumed));
                    return Apply(header, connection);
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (status == ReadStatus.Malformed || read.IsCompleted)
                {
                    return "expected a PROXY protocol header, found something else";
                }
            }
        }
        catch (OperationCanceledException)
        {
            return $"no PROXY protocol header within {HeaderTimeout.TotalSeconds} s";
        }
        catch (IOException)
        {
            return "it was reset";
        }
    }

    private static (ReadStatus Status, ProxyHeader Header, int Consumed) TryRead(ReadOnlySequence<byte> buffer)
    {
        ReadOnlySequence<byte> start = buffer.Slice(0, Math.Min(buffer.Length, ProxyHeader.BytesMax));
        Span<byte> bytes = stackalloc byte[(int)start.Length];
        start.CopyTo(bytes);
        ReadStatus status = ProxyHeader.TryRead(bytes, out ProxyHeader header, out int consumed);
        return (status, header, consumed);
    }

    private static string Apply(in ProxyHeader header, ConnectionContext connection)
    {
        if (header.Source?.Address is { } address && IPAddress.IsLoopback(Plain(address)))
        {
            return $"its PROXY protocol header claims the address {address}";
        }

        if (!header.IsLocal)
        {
            connection.RemoteEndPoint = header.Source; // null when the proxy does not say: nobody's, not the proxy's
        }

        return "";
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
