namespace Telemetry.Mqtt.Pipelines;

/// <summary>Lets every client in: for a listener on a closed network.</summary>
public sealed class AcceptAll : IAuthenticator
{
    /// <inheritdoc/>
    public ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken) => new(Admission.Anonymous);
}
