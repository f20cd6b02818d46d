namespace Telemetry.Payloads;

/// <summary>Where the value of a metric stands: field numbers of its message (Sparkplug 3.0 §6.4).</summary>
internal enum SparkplugMember : byte
{
    None = 0,
    Int = 10,
    Long = 11,
    Float = 12,
    Double = 13,
    Boolean = 14,
    String = 15,
    Bytes = 16,
    DataSet = 17,
    Template = 18,
    Extension = 19,
}
