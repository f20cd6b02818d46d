using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>TCP, TLS and WebSocket connections as the scheme of the address says.</summary>
internal sealed class BrokerDialer(BrokerClientOptions options) : IBrokerDialer
{
    private const string SubProtocol = "mqtt"; // [MQTT-6.0.0-3]
    private const int ReadBytes = 64 * 1024; // one read holds hundreds of packets, which become one block

    private readonly Uri _url = options.Url;

    /// <inheritdoc/>
    public async Task<IBrokerTransport> DialAsync(CancellationToken cancellationToken)
    {
        try
        {
            Stream stream = _url.Scheme is "ws" or "wss"
                ? await DialWebSocketAsync(cancellationToken)
                : await DialSocketAsync(cancellationToken);
            return new StreamTransport(stream);
        }
        catch (Exception cause) when (cause is SocketException or AuthenticationException or WebSocketException)
        {
            throw new IOException($"{cause.Message} {cause.InnerException?.Message}".TrimEnd());
        }
    }

    private async Task<Stream> DialSocketAsync(CancellationToken cancellationToken)
    {
        bool isSecure = _url.Scheme == "mqtts";
        int port = _url.Port > 0 ? _url.Port : isSecure ? 8883 : 1883;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_url.IdnHost, port, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var plain = new NetworkStream(socket, ownsSocket: true);
        return isSecure ? await SecureAsync(plain, cancellationToken) : plain;
    }

    private async Task<Stream> SecureAsync(NetworkStream plain, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(TlsOptions(), cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private async Task<Stream> DialWebSocketAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(SubProtocol);
        socket.Options.KeepAliveInterval = TimeSpan.Zero; // MQTT has its own
        try
        {
            using var handler = new SocketsHttpHandler { SslOptions = TlsOptions(), UseProxy = false };
            using var invoker = new HttpMessageInvoker(handler);
            await socket.ConnectAsync(_url, invoker, cancellationToken);
            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions TlsOptions()
    {
        SslClientAuthenticationOptions? given = options.Tls;
        return new SslClientAuthenticationOptions
        {
            TargetHost = _url.IdnHost,
            ClientCertificates = given?.ClientCertificates,
            CertificateChainPolicy = given?.CertificateChainPolicy,
        };
    }

    private sealed class StreamTransport(Stream stream) : IBrokerTransport
    {
        public PipeReader Input { get; } = PipeReader.Create(
            stream, new StreamPipeReaderOptions(
                bufferSize: ReadBytes, minimumReadSize: ReadBytes / 4, leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

        public async ValueTask DisposeAsync()
        {
            try
            {
                await stream.DisposeAsync();
            }
            catch (Exception broken) when (broken is IOException or WebSocketException or InvalidOperationException)
            {
                // It is being closed because it is broken.
            }
        }
    }
}
