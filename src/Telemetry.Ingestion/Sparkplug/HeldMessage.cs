using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>A message that cannot be read, or not be believed, until another one has come.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Device">Its device; empty for the node.</param>
/// <param name="Sequence">Its place behind a gap; −1: it waits for a birth.</param>
/// <param name="Offset">Where it stands in the log.</param>
/// <param name="Record">Its record, whole.</param>
internal sealed record HeldMessage(SparkplugKind Kind, byte[] Device, int Sequence, long Offset, byte[] Record)
{
    /// <summary>True for data, in quarantine meanwhile; births and deaths wait for their effect alone.</summary>
    public bool IsData => Kind is SparkplugKind.NodeData or SparkplugKind.DeviceData;

    public RecordView View => new(Offset, Record);

    public long ArrivalTime => View.ArrivalTime;

    public static byte[] CopyOf(in RecordView record)
    {
        var copy = new byte[SpoolRecord.Measure(record.Body.Length)];
        record.Body.CopyTo(copy.AsSpan(SpoolRecord.HeaderBytes));
        SpoolRecord.Seal(copy, record.Kind, record.Lane, record.ArrivalTime);
        return copy;
    }
}
