using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemetry.Mqtt.Pipelines.Transports;

public sealed class BrokerDialerTests
{
    [Fact]
    public async Task Over_WebSocket_it_offers_the_sub_protocol_mqtt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var dialer = new BrokerDialer(new BrokerClientOptions
        {
            Name = "plant",
            Url = new Uri($"ws://127.0.0.1:{port}/mqtt"),
            ClientIdentifier = "c",
            Filters = ["#"],
            CanaryTopic = "canary/c",
        });
        Task<IBrokerTransport> dialing = dialer.DialAsync(CancellationToken.None);
        string[] request;
        using (TcpClient accepted = await listener.AcceptTcpClientAsync())
        {
            request = await ReadRequestAsync(accepted.GetStream());
            listener.Stop(); // it would try again
        }

        Assert.Equal("GET /mqtt HTTP/1.1", request[0]);
        Assert.Contains("Sec-WebSocket-Protocol: mqtt", request);
        await Assert.ThrowsAsync<IOException>(() => dialing); // it was closed without an answer
    }

    private static async Task<string[]> ReadRequestAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return [.. lines];
    }
}
