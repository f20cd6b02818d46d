using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Payloads of Sparkplug B 3.0: metrics become fields under their names, at their own time or else the payload's. What
/// is no protobuf gives no point at all; a metric that cannot be read costs that metric. Belongs to one thread.
/// </summary>
public sealed class SparkplugDecoder : IPayloadDecoder
{
    private readonly SparkplugPoint _point = new();

    /// <summary>
    /// What the edge node's births said; null while nobody keeps them, and metrics that need them are refused by name.
    /// </summary>
    public ISparkplugBirths? Births { get; set; }

    /// <summary>True when the last payload had a metric whose name or type only a birth says.</summary>
    public bool LacksBirth { get; private set; }

    /// <inheritdoc/>
    public DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct
    {
        var reader = new SparkplugReader(payload, _point, Births);
        reader.Read(context, ref handler);
        fault = reader.Fault;
        LacksBirth = reader.LacksBirth;
        return fault.Count > 0 ? DecodeStatus.Faulted
            : reader.HasGiven ? DecodeStatus.Decoded
            : DecodeStatus.NotAMeasurement;
    }
}
