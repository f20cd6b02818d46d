namespace Telemetry.Ingestion;

/// <summary>What decoding asks to be sent; only the decoding at the tail is heard (law L1).</summary>
/// <param name="Client">Who brought the node's last message: a broker by its name, or the node itself.</param>
/// <param name="Group">The group of the node whose births are wanted; empty: our own state is to be told again.</param>
/// <param name="Node">The edge node.</param>
internal sealed record SparkplugRequest(string Client, string Group, string Node)
{
    /// <summary>Somebody said on our behalf that we are away.</summary>
    public static SparkplugRequest TellState { get; } = new("", "", "");
}
