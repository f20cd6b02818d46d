namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The way in of one connection. It is called by one thread at a time; all that one socket read brings makes one block.
/// A block that was not appended stays, and may grow, until a later <see cref="TryAppend"/> takes it.
/// </summary>
public interface IConnectionIntake
{
    /// <summary>Bytes of the block so far: an offset within it.</summary>
    int BlockBytes { get; }

    /// <summary>Copies one message into the connection's block. The view dies when the call returns (law L4).</summary>
    void Add(in PublishView publish);

    /// <summary>Adds what happened to the client's session, in its order among the messages.</summary>
    void Add(SessionEventKind kind, ReadOnlySpan<byte> content);

    /// <summary>Appends all that was added since the last appended block.</summary>
    /// <param name="signal">Told, once or more, when durability has passed <paramref name="endOffset"/>.</param>
    /// <param name="endOffset">Where the block ends: it is durable once the durable offset has reached this.</param>
    IntakeOutcome TryAppend(ICommitSignal signal, out long endOffset);

    /// <summary>Completes when <see cref="TryAppend"/> may succeed again.</summary>
    ValueTask WaitForRoomAsync(CancellationToken cancellationToken);
}
