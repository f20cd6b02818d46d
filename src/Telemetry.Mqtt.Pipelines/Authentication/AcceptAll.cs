namespace Telemetry.Mqtt.Pipelines;

/// <summary>Lets every client in: for a listener on a closed network.</summary>
public sealed class AcceptAll : IAuthenticator
{
    /// <inheritdoc/>
    public AuthenticationOutcome Authenticate(
        ReadOnlySpan<byte> clientIdentifier, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> password) =>
        AuthenticationOutcome.Accepted;
}
