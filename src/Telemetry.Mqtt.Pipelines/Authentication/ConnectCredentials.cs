using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What a client shows of itself when it connects.</summary>
public sealed record ConnectCredentials
{
    /// <summary>The client identifier; empty when the server is to assign one.</summary>
    public required string ClientIdentifier { get; init; }

    /// <summary>The user name; null when there is none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password; null when there is none.</summary>
    public byte[]? Password { get; init; }

    /// <summary>The client's certificate of a TLS connection, its chain verified; null when it showed none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Address of the peer; null when the transport has none.</summary>
    public IPAddress? RemoteAddress { get; init; }
}
