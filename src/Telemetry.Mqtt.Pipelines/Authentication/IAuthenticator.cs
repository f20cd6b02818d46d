namespace Telemetry.Mqtt.Pipelines;

/// <summary>Decides who may connect: called once per CONNECT, on the connection's thread; it must not wait.</summary>
public interface IAuthenticator
{
    /// <summary>Judges the credentials of one CONNECT; none of the spans may be kept.</summary>
    /// <param name="clientIdentifier">The client identifier, UTF-8; empty when one will be assigned.</param>
    /// <param name="userName">The user name, UTF-8; empty when there is none.</param>
    /// <param name="password">The password bytes; empty when there is none.</param>
    AuthenticationOutcome Authenticate(
        ReadOnlySpan<byte> clientIdentifier, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> password);
}
