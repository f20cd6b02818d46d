using System.Buffers.Binary;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// A quarantined message on its way through the spool again, as the body of a record of
/// <see cref="RecordKind.Retry"/>. Layout in docs/formats/message-record.md:
/// <code>quarantine number i64 | first arrival i64 | first kind u8 | message</code>
/// Little-endian; the message is a <see cref="MessageRecord"/> as it was received.
/// </summary>
internal readonly ref struct RetryRecord
{
    private const int ArrivalAt = sizeof(long);
    private const int KindAt = 2 * sizeof(long);
    private const int MessageAt = KindAt + 1;

    /// <summary>Its number in quarantine: where the message stood in the spool first.</summary>
    public long Id { get; private init; }

    /// <summary>When it arrived, nanoseconds since 1970.</summary>
    public long ArrivalTime { get; private init; }

    /// <summary>What it was received as.</summary>
    public RecordKind Kind { get; private init; }

    /// <summary>The message record.</summary>
    public ReadOnlySpan<byte> Message { get; private init; }

    /// <summary>A whole record of the spool.</summary>
    /// <param name="id">Number in quarantine.</param>
    /// <param name="arrivalTime">When the message arrived first.</param>
    /// <param name="kind">What it was received as.</param>
    /// <param name="message">The message record.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="now">Arrival time of the new record.</param>
    public static byte[] Write(
        long id, long arrivalTime, RecordKind kind, ReadOnlySpan<byte> message, byte lane, long now)
    {
        var record = new byte[SpoolRecord.Measure(MessageAt + message.Length)];
        Span<byte> body = record.AsSpan(SpoolRecord.HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(body, id);
        BinaryPrimitives.WriteInt64LittleEndian(body[ArrivalAt..], arrivalTime);
        body[KindAt] = (byte)kind;
        message.CopyTo(body[MessageAt..]);
        SpoolRecord.Seal(record, (byte)RecordKind.Retry, lane, now);
        return record;
    }

    /// <summary>Reads a body whose checksum the spool has verified.</summary>
    /// <exception cref="InvalidDataException">BUG: a record of ours that we cannot read.</exception>
    public static RetryRecord Read(ReadOnlySpan<byte> body) => body.Length >= MessageAt
        ? new RetryRecord
        {
            Id = BinaryPrimitives.ReadInt64LittleEndian(body),
            ArrivalTime = BinaryPrimitives.ReadInt64LittleEndian(body[ArrivalAt..]),
            Kind = (RecordKind)body[KindAt],
            Message = body[MessageAt..],
        }
        : throw new InvalidDataException(
            $"BUG: cannot read retry record: expected at least {MessageAt} bytes, found {body.Length}");
}
