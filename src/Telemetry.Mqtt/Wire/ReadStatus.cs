namespace Telemetry.Mqtt;

/// <summary>The three outcomes of reading a packet from a stream.</summary>
public enum ReadStatus : byte
{
    /// <summary>The bytes end inside the packet; nothing was consumed.</summary>
    NeedMore = 0,

    /// <summary>A whole packet was read.</summary>
    Complete = 1,

    /// <summary>The peer broke the protocol; the stream has no known position any more and must be closed.</summary>
    Malformed = 2,
}
