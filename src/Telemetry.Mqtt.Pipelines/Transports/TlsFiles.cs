namespace Telemetry.Mqtt.Pipelines;

/// <summary>The PEM files of one TLS listener.</summary>
/// <param name="CertificateFile">The server's certificate, followed by those between it and its authority.</param>
/// <param name="KeyFile">Its private key, not encrypted.</param>
/// <param name="ClientCaFile">Authorities that client certificates must come from; empty: none is asked for.</param>
/// <param name="RequireClientCertificate">Whether a client without a certificate is refused in the handshake.</param>
public sealed record TlsFiles(
    string CertificateFile, string KeyFile, string ClientCaFile, bool RequireClientCertificate);
