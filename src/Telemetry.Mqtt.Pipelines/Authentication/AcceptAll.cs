using System.Net;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>Lets every client in: for a listener on a closed network.</summary>
public sealed class AcceptAll : IAuthenticator
{
    /// <inheritdoc/>
    public ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken) => new(Admission.Anonymous);

    /// <inheritdoc/>
    public IClientRights? FindRights(string identity, string clientIdentifier) => null; // nobody has a name here

    /// <inheritdoc/>
    public void OnDisconnected(string? identity, string clientIdentifier, IPAddress? address, string reason)
    {
        // Nobody asks.
    }
}
