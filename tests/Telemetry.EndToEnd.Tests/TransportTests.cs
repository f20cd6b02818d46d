using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Telemetry.EndToEnd.Tests;

/// <summary>The ways in besides a plain socket.</summary>
[Collection(OneAtATime.Name)]
public sealed class TransportTests : IAsyncLifetime, IDisposable
{
    private const string ConnectPacket = "100F00044D5154540402003C0003616263"; // 3.1.1, client identifier abc
    private readonly ScratchDirectory _directory = new();
    private readonly TestAuthority _authority;
    private RunningService _service = null!;

    public TransportTests() => _authority = new TestAuthority(_directory);

    public async Task InitializeAsync()
    {
        (string certificate, string key) = _authority.IssueServer("server");
        _service = await RunningService.ServeAsync(
            _directory.Path,
            "--set", "Mqtt:Listeners:0:Name=tls",
            "--set", "Mqtt:Listeners:0:Port=0",
            "--set", $"Mqtt:Listeners:0:Tls:CertificateFile={certificate}",
            "--set", $"Mqtt:Listeners:0:Tls:KeyFile={key}",
            "--set", "Mqtt:Listeners:1:Name=web",
            "--set", "Mqtt:Listeners:1:Port=0",
            "--set", "Mqtt:Listeners:1:Transport=websocket",
            "--set", "Mqtt:Listeners:2:Name=proxied",
            "--set", "Mqtt:Listeners:2:Port=0",
            "--set", "Mqtt:Listeners:2:ProxyProtocol=true");
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the console's port serves it as well
    public async Task A_gateway_on_MQTT_js_publishes_over_WebSocket(bool overHttpPort)
    {
        int port = overHttpPort ? _service.HttpPort : _service.PortOf("web");
        string script = Path.Combine(RunningService.Repository, "tests", "gateways", "publish.mjs");

        string output = await ToolRun.RunAsync("node", script, $"ws://127.0.0.1:{port}/mqtt", "1000");

        Assert.Contains("1000 acknowledged", output, StringComparison.Ordinal);
        await _service.ExpectAsync("SELECT sum(n) FROM gateway", 499_500);
    }

    [Fact]
    public async Task A_packet_may_span_frames_and_a_text_frame_ends_the_connection()
    {
        using ClientWebSocket socket = await OpenAsync("mqtt");
        Assert.Equal("mqtt", socket.SubProtocol);
        foreach (byte part in Convert.FromHexString(ConnectPacket))
        {
            await socket.SendAsync(new[] { part }, WebSocketMessageType.Binary, true, CancellationToken.None);
        }

        byte[] answer = new byte[16];
        WebSocketReceiveResult received = await socket.ReceiveAsync(answer, CancellationToken.None);
        Assert.Equal("20020000", Convert.ToHexString(answer[..received.Count]));

        await socket.SendAsync("C000"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        received = await socket.ReceiveAsync(answer, CancellationToken.None);
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, received.CloseStatus);
    }

    [Fact]
    public async Task A_WebSocket_listener_has_nothing_but_MQTT_and_wants_its_sub_protocol()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_service.PortOf("web")}") };
        using HttpResponseMessage console = await http.GetAsync(new Uri("/", UriKind.Relative));
        using HttpResponseMessage query = await http.GetAsync(new Uri("/query?q=SHOW+DATABASES", UriKind.Relative));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (console.StatusCode, query.StatusCode));
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync("chat"));
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync("mqtt", "http://elsewhere.example"));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart()
    {
        await PublishAsync(_authority.File, "m v=1");
        using var successor = new TestAuthority(_directory, "successor");
        successor.IssueServer("server");

        await Until.Async(
            "the new authority's certificate is shown",
            async () =>
            {
                await using ToolRun publisher = Start(successor.File, "m v=2");
                return await publisher.WaitAsync();
            },
            exitCode => exitCode == 0);
        await _service.ExpectAsync("SELECT count(v) FROM m", 2);
    }

    [Fact]
    public async Task Files_that_do_not_fit_together_are_told_of_and_the_old_certificate_stays()
    {
        await File.WriteAllTextAsync(_directory.At("server.key"), "no key");
        await Until.Async(
            "the fault is told",
            () => Task.FromResult(_service.Output),
            output => output.Contains("the certificate of before stays in force", StringComparison.Ordinal));

        await PublishAsync(_authority.File, "m v=1");
    }

    [Fact]
    public async Task Behind_a_proxy_the_clients_address_counts()
    {
        // From elsewhere nobody is let in without a name; who claims to be from here, or has no header, is cut off.
        Assert.Equal("20020005", await AnswerAsync("PROXY TCP4 10.1.2.3 10.0.0.1 40000 1883\r\n"));
        Assert.Equal("", await AnswerAsync("PROXY TCP4 127.0.0.1 10.0.0.1 40000 1883\r\n"));
        Assert.Equal("", await AnswerAsync(""));
        await Until.Async(
            "the audit log has the client's address",
            () => File.ReadAllTextAsync(_directory.At("access/audit.jsonl")),
            text => text.Contains("\"address\":\"10.1.2.3\"", StringComparison.Ordinal));
    }

    private async Task<ClientWebSocket> OpenAsync(string protocol, string? origin = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(
                new Uri($"ws://127.0.0.1:{_service.PortOf("web")}/mqtt"), CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Task<string> PublishAsync(string authority, string payload) =>
        ToolRun.RunAsync("mosquitto_pub", Arguments(authority, payload));

    private ToolRun Start(string authority, string payload) =>
        ToolRun.Start("mosquitto_pub", Arguments(authority, payload));

    private string[] Arguments(string authority, string payload) =>
    [
        "-h", "127.0.0.1", "-p", $"{_service.PortOf("tls")}", "--cafile", authority, "-q", "1", "-t", "t", "-m",
        payload,
    ];

    /// <summary>What comes back, in hexadecimal, before the connection is closed.</summary>
    private async Task<string> AnswerAsync(string header)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _service.PortOf("proxied"));
        NetworkStream stream = client.GetStream();
        byte[] lead = System.Text.Encoding.ASCII.GetBytes(header);
        byte[] all = [.. lead, .. Convert.FromHexString(ConnectPacket)];
        await stream.WriteAsync(all); // in one: the service may cut the connection behind the header
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WaitAsync(Until.Deadline);
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }

        return Convert.ToHexString(answer.ToArray());
    }
}
