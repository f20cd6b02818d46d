namespace Telemetry.Mqtt.Pipelines;

/// <summary>Where received messages go: the way into the spool, seen from a connection.</summary>
public interface IIntake
{
    /// <summary>Everything that ends at or before this offset is durable.</summary>
    long DurableOffset { get; }

    /// <summary>Opens the way in for one connection, after its CONNECT was accepted.</summary>
    /// <param name="clientIdentifier">The client identifier, assigned or given.</param>
    /// <param name="identity">Who it is by its credentials; null for an anonymous client.</param>
    IConnectionIntake Open(string clientIdentifier, string? identity);

    /// <summary>Completes when everything before the offset is durable.</summary>
    ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken);
}
