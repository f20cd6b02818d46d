namespace Telemetry.Ingestion;

/// <summary>What is to be done with a message.</summary>
internal enum SparkplugAction : byte
{
    /// <summary>It is no measurement.</summary>
    Ignore,

    /// <summary>Its payload is decoded.</summary>
    Decode,

    /// <summary>It came before.</summary>
    Duplicate,

    /// <summary>The metrics of a device, or of the node and all devices, hold no more.</summary>
    MarkStale,
}

/// <summary>What is to be done with a message, and by what.</summary>
/// <param name="Action">What.</param>
/// <param name="Node">Its edge node; null when it belongs to none that is remembered.</param>
/// <param name="Device">Its device, or the node's own metrics; null for all, or for none.</param>
/// <param name="IsSure">Names and types may be taken from the births.</param>
/// <param name="Sequence">Its place behind a gap; −1 otherwise.</param>
/// <param name="Time">Since when metrics are stale, nanoseconds since 1970.</param>
internal readonly record struct SparkplugStep(
    SparkplugAction Action,
    EdgeNode? Node = null,
    EdgeDevice? Device = null,
    bool IsSure = false,
    int Sequence = -1,
    long Time = 0)
{
    /// <summary>What its aliases mean; null while nobody can say.</summary>
    public BirthTable? Births => IsSure && Device is { IsBorn: true } ? Device.Births : null;
}
