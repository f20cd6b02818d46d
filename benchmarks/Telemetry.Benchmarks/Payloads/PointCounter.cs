using Telemetry.Model;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>Takes points and keeps nothing but their number: what is left is the decoder alone.</summary>
internal struct PointCounter : IPointHandler
{
    /// <summary>Fields seen so far.</summary>
    public int FieldCount { get; private set; }

    /// <inheritdoc/>
    public void OnPoint(scoped in PointView point) => FieldCount += point.Fields.Length;
}
