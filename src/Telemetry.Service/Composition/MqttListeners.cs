using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Service;

/// <summary>
/// The doors for MQTT: the plain listener, and those of <c>Mqtt:Listeners</c>, each a chain of steps: PROXY protocol,
/// TLS, then MQTT or WebSocket.
/// </summary>
internal sealed class MqttListeners : IDisposable
{
    private readonly MqttSection _mqtt;
    private readonly HandshakeGate _gate;
    private readonly ProxyProtocol _proxy;
    private readonly Dictionary<ListenerSection, TlsCredentials> _tls = [];

    /// <exception cref="InvalidDataException">Certificate files cannot be used.</exception>
    public MqttListeners(MqttSection mqtt, TimeProvider time, ILoggerFactory loggers)
    {
        _mqtt = mqtt;
        _gate = new HandshakeGate(time);
        _proxy = new ProxyProtocol(time, loggers.CreateLogger<ProxyProtocol>());
        foreach (ListenerSection listener in mqtt.Listeners.Where(listener => listener.IsTls))
        {
            var files = new TlsFiles(
                listener.Tls.CertificateFile,
                listener.Tls.KeyFile,
                listener.Tls.ClientCaFile,
                listener.Tls.RequireClientCertificate);
            _tls.Add(listener, new TlsCredentials(files, time, loggers.CreateLogger<TlsCredentials>()));
        }
    }

    /// <summary>Adds the listeners, the plain one first.</summary>
    public void AddTo(KestrelServerOptions kestrel)
    {
        kestrel.Listen(
            new PlainEndPoint(IPAddress.Parse(_mqtt.Address), _mqtt.Port),
            listen => listen.UseConnectionHandler<MqttConnectionHandler>());
        foreach (ListenerSection listener in _mqtt.Listeners)
        {
            kestrel.Listen(EndPointOf(listener), listen => Chain(listen, listener));
        }
    }

    /// <summary>
    /// Serves MQTT over WebSocket at <c>/mqtt</c>, on the HTTP port too; a listener of WebSockets has nothing else.
    /// </summary>
    public static void Map(WebApplication application)
    {
        MqttConnectionHandler handler = application.Services.GetRequiredService<MqttConnectionHandler>();
        TimeProvider time = application.Services.GetRequiredService<TimeProvider>();
        application.UseWebSockets();
        application.Use((http, next) =>
        {
            if (http.Request.Path == MqttWebSockets.Path)
            {
                return MqttWebSockets.ServeAsync(http, handler, time);
            }

            if (http.Features.Get<WebSocketsOnly>() is null)
            {
                return next(http);
            }

            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        foreach (TlsCredentials credentials in _tls.Values)
        {
            credentials.Dispose();
        }

        _gate.Dispose();
    }

    private static IPEndPoint EndPointOf(ListenerSection listener)
    {
        IPAddress address = IPAddress.Parse(listener.Address);
        return listener.IsTls || listener.IsWebSocket
            ? new IPEndPoint(address, listener.Port)
            : new PlainEndPoint(address, listener.Port);
    }

    private void Chain(ListenOptions listen, ListenerSection listener)
    {
        if (listener.ProxyProtocol)
        {
            listen.Use(_proxy.Enter);
        }

        if (_tls.TryGetValue(listener, out TlsCredentials? credentials))
        {
            listen.Use(_gate.Enter);
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(credentials.Current) });
            listen.Use(HandshakeGate.Leave);
        }

        if (listener.IsWebSocket)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(Mark);
        }
        else
        {
            listen.UseConnectionHandler<MqttConnectionHandler>();
        }
    }

    private static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(WebSocketsOnly.Instance);
        return next(connection);
    };

    /// <summary>Marks connections to a listener of WebSockets: the console is not for them.</summary>
    private sealed class WebSocketsOnly
    {
        public static readonly WebSocketsOnly Instance = new();
    }
}
