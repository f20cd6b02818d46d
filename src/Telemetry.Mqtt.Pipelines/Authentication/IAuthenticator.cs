using System.Net;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>Decides who may connect, and what an accepted client may do.</summary>
public interface IAuthenticator
{
    /// <summary>
    /// Judges one CONNECT. It is called once per CONNECT; the connection reads nothing more until it completes, and is
    /// closed when that takes longer than the connect time-out.
    /// </summary>
    ValueTask<Admission> AuthenticateAsync(ConnectCredentials credentials, CancellationToken cancellationToken);

    /// <summary>The rights an identity has now under a client identifier; null when it may not connect.</summary>
    IClientRights? FindRights(string identity, string clientIdentifier);

    /// <summary>An accepted client is gone, or was not let in after all. Must not wait.</summary>
    /// <param name="identity">Who it was; null for an anonymous client.</param>
    /// <param name="clientIdentifier">Its client identifier.</param>
    /// <param name="address">Where it came from; null when the transport has no addresses.</param>
    /// <param name="reason">How it ended, in words.</param>
    void OnDisconnected(string? identity, string clientIdentifier, IPAddress? address, string reason);
}
