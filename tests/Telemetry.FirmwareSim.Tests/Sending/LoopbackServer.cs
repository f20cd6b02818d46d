using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Telemetry.Mqtt;

namespace Telemetry.FirmwareSim.Tests.Sending;

/// <summary>A message as the loopback server received it; the bytes of its payload are characters.</summary>
internal sealed record ReceivedMessage(
    string ClientIdentifier, int Connection, string Topic, string Body, ushort PacketIdentifier, bool Dup);

/// <summary>A server on loopback that acknowledges as told, and keeps what it receives.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ReceivedMessage, Verdict> _judge;
    private readonly Task _accepting;
    private int _connectionCount;

    public LoopbackServer(Func<ReceivedMessage, Verdict> judge)
    {
        _judge = judge;
        _listener.Start();
        _accepting = AcceptAllAsync();
    }

    public enum Verdict
    {
        Acknowledge,
        Keep,
        Close,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Channel<ReceivedMessage> Messages { get; } = Channel.CreateUnbounded<ReceivedMessage>();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (true)
        {
            Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
            _ = ServeAsync(socket, ++_connectionCount);
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        using (socket)
        {
            var buffer = new byte[1 << 20];
            int filled = 0;
            string client = "";
            bool isOpen = true;
            while (isOpen)
            {
                int read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, _stop.Token);
                if (read == 0)
                {
                    return;
                }

                filled += read;
                byte[] answer = ReadAll(buffer, ref filled, connection, ref client, ref isOpen);
                await socket.SendAsync(answer, SocketFlags.None, _stop.Token);
            }
        }
    }

    private byte[] ReadAll(byte[] buffer, ref int filled, int connection, ref string client, ref bool isOpen)
    {
        var answer = new List<byte>();
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, filled);
        while (isOpen && PacketFramer.TryRead(
            rest, buffer.Length, out PacketFrame frame, out int consumed, out _) == ReadStatus.Complete)
        {
            rest = rest[consumed..];
            if (frame.Type == PacketType.Connect)
            {
                Assert.True(ConnectView.TryRead(frame, out ConnectView connect, out _));
                client = Encoding.UTF8.GetString(connect.ClientIdentifier);
                answer.AddRange((ReadOnlySpan<byte>)[0x20, 2, 0, 0]); // CONNACK, accepted
            }
            else if (frame.Type == PacketType.Publish)
            {
                isOpen = Take(frame, client, connection, answer);
            }
        }

        rest.CopyTo(buffer);
        filled = rest.Length;
        return [.. answer];
    }

    private bool Take(PacketFrame frame, string client, int connection, List<byte> answer)
    {
        Assert.True(PublishView.TryRead(frame, ProtocolLevel.V311, out PublishView publish, out _));
        Assert.Equal(1, publish.Qos);
        var message = new ReceivedMessage(
            client,
            connection,
            Encoding.UTF8.GetString(publish.Topic),
            Encoding.Latin1.GetString(publish.Payload),
            publish.PacketIdentifier,
            publish.Dup);
        Verdict verdict = _judge(message);
        Messages.Writer.TryWrite(message);
        if (verdict == Verdict.Acknowledge)
        {
            var ack = new byte[AckView.SuccessBytes];
            AckView.WriteSuccess(ack, PacketType.PubAck, publish.PacketIdentifier);
            answer.AddRange(ack);
        }

        return verdict != Verdict.Close;
    }
}
