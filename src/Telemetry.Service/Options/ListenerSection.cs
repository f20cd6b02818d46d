namespace Telemetry.Service;

/// <summary>A further MQTT listener.</summary>
public sealed class ListenerSection
{
    /// <summary>The transport of MQTT on a socket of its own.</summary>
    public const string Tcp = "tcp";

    /// <summary>The transport of MQTT over WebSocket, at the path <c>/mqtt</c>.</summary>
    public const string WebSocket = "websocket";

    /// <summary>Name, for messages.</summary>
    public string Name { get; set; } = "";

    /// <summary>Address to listen on.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port; 0 picks a free one.</summary>
    public int Port { get; set; } = -1;

    /// <summary><see cref="Tcp"/> or <see cref="WebSocket"/>.</summary>
    public string Transport { get; set; } = Tcp;

    /// <summary>TLS; without a certificate file the listener is plain.</summary>
    public TlsSection Tls { get; set; } = new();

    /// <summary>Whether each connection begins with a PROXY protocol header (version 1 or 2).</summary>
    public bool ProxyProtocol { get; set; }

    /// <summary>Whether the listener speaks TLS.</summary>
    internal bool IsTls => Tls.CertificateFile.Length > 0;

    /// <summary>Whether the listener is one of WebSockets.</summary>
    internal bool IsWebSocket => Transport == WebSocket;

    /// <summary>What a client writes before the address.</summary>
    internal string Scheme => (IsWebSocket, IsTls) switch
    {
        (false, false) => "mqtt",
        (false, true) => "mqtts",
        (true, false) => "ws",
        (true, true) => "wss",
    };
}

/// <summary>The files of a TLS listener, all PEM.</summary>
public sealed class TlsSection
{
    /// <summary>The server's certificate and those between it and its authority.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>Its private key, not encrypted.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Authorities of client certificates; empty: none is asked for.</summary>
    public string ClientCaFile { get; set; } = "";

    /// <summary>Whether clients without a certificate are refused in the handshake.</summary>
    public bool RequireClientCertificate { get; set; }
}
