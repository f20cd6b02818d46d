namespace Telemetry.Mqtt.Pipelines;

/// <summary>Where received messages go: the way into the spool, seen from a connection.</summary>
public interface IIntake
{
    /// <summary>Opens the way in for one connection, after its CONNECT was accepted.</summary>
    /// <param name="clientIdentifier">The client identifier, assigned or given.</param>
    /// <param name="userName">The authenticated user name; null when the client gave none.</param>
    IConnectionIntake Open(string clientIdentifier, string? userName);
}
