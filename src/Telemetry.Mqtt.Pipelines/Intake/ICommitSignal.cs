namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Told when appended messages have become durable: the only thing that makes an acknowledgement legal (law L2).
/// </summary>
public interface ICommitSignal
{
    /// <summary>Everything before the offset is durable. Called on the committer's thread, returns at once.</summary>
    void OnCommitted(long durableOffset);
}
