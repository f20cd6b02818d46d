namespace Telemetry.Mqtt.Pipelines;

/// <summary>Decides who may connect, and what an accepted client may do.</summary>
public interface IAuthenticator
{
    /// <summary>
    /// Judges one CONNECT. It is called once per CONNECT; the connection reads nothing more until it completes, and is
    /// closed when that takes longer than the connect time-out.
    /// </summary>
    ValueTask<Admission> AuthenticateAsync(ConnectCredentials credentials, CancellationToken cancellationToken);
}
