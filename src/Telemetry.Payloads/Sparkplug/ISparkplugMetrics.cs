namespace Telemetry.Payloads;

/// <summary>Told of the metrics that a payload defines, in their order.</summary>
public interface ISparkplugMetrics
{
    /// <summary>A metric with a name; borrowed for the call.</summary>
    /// <param name="name">Its name in UTF-8.</param>
    /// <param name="alias">Its alias; null where it has none.</param>
    /// <param name="type">Its data type.</param>
    void OnMetric(ReadOnlySpan<byte> name, ulong? alias, SparkplugType type);
}
