using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// The record from whose end on another site is in force; its body is the site's hash, 32 bytes, by which it is
/// archived. docs/formats/message-record.md.
/// </summary>
internal static class SiteChangeRecord
{
    public const int HashBytes = 32;

    /// <summary>A whole record, ready to be appended.</summary>
    public static byte[] Write(string hash, long arrivalTime)
    {
        var record = new byte[SpoolRecord.Measure(HashBytes)];
        Convert.FromHexString(hash, record.AsSpan(SpoolRecord.HeaderBytes), out _, out _);
        SpoolRecord.Seal(record, (byte)RecordKind.SiteChange, lane: 0, arrivalTime);
        return record;
    }

    /// <summary>The hash that a body names.</summary>
    /// <exception cref="InvalidDataException">BUG: a record of ours that we cannot read.</exception>
    public static string ReadHash(ReadOnlySpan<byte> body) => body.Length == HashBytes
        ? Convert.ToHexStringLower(body)
        : throw new InvalidDataException(
            $"BUG: cannot read site change record: expected {HashBytes} bytes, found {body.Length}");
}
