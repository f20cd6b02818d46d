using System.Buffers.Binary;
using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>What a record of the quarantine's log is; numbers are for ever.</summary>
internal enum QuarantineRecordKind : byte
{
    /// <summary>A message without the decoder's name, as the first version wrote it; an MQTT PUBLISH.</summary>
    FirstPublish = 1,

    /// <summary>The same, line protocol written over HTTP.</summary>
    FirstHttpWrite = 2,

    /// <summary>A message with all that is known of its decoding.</summary>
    Message = 16,

    /// <summary>What became of a message when it was decoded again.</summary>
    Outcome = 17,
}

/// <summary>A message as the log has it; valid as long as the record it was read from.</summary>
internal readonly ref struct KeptMessage
{
    /// <summary>Where it stood in the spool: its number.</summary>
    public long Id { get; init; }

    /// <summary>When it arrived, nanoseconds since 1970.</summary>
    public long ArrivalTime { get; init; }

    /// <summary>Its lane.</summary>
    public byte Lane { get; init; }

    /// <summary>What it was received as.</summary>
    public RecordKind Kind { get; init; }

    /// <summary>Why it is here.</summary>
    public QuarantineVerdict Verdict { get; init; }

    /// <summary>The message record.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>The message.</summary>
    public MessageRecord Message => MessageRecord.Read(Body);
}

/// <summary>What became of a message when it was decoded again.</summary>
/// <param name="Id">Number of the message.</param>
/// <param name="Offset">Where the retry stands in the spool.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Points">How many points it gave.</param>
/// <param name="Refused">How many of its points were refused by name.</param>
/// <param name="Verdict">By what it was decoded, and why it failed if it did.</param>
internal sealed record QuarantineOutcome(
    long Id, long Offset, RecordFate Fate, int Points, int Refused, QuarantineVerdict Verdict)
{
    /// <summary>
    /// True when nothing of the message is missing any more: it gave its points, or it is no measurement by the route
    /// of today.
    /// </summary>
    public bool IsResolved => Fate switch
    {
        RecordFate.Decoded => Points > 0 || Refused == 0,
        RecordFate.NotAMeasurement => true,
        _ => false,
    };

    /// <summary>Why it failed, in words; empty when it did not.</summary>
    public string Words => this switch
    {
        { IsResolved: true } => "",
        { Fate: RecordFate.NoRoute } => "no route takes the topic",
        { Fate: RecordFate.Decoded } => "all of its points were refused by name",
        _ => Verdict.Words,
    };
}

/// <summary>The records of the quarantine's log; docs/formats/quarantine.md draws them.</summary>
internal static class QuarantineFormat
{
    private const int FirstPrefixBytes = sizeof(long) + sizeof(int) + sizeof(byte);
    private const byte FirstDetailFlag = 0b1000_0000; // of the reason; reasons stay below it
    private const int OutcomeHeadBytes = (2 * sizeof(long)) + sizeof(byte) + (2 * sizeof(int));

    /// <summary>A whole record that keeps a message.</summary>
    public static byte[] Write(in KeptMessage kept)
    {
        using var body = new MemoryStream();
        body.Write(new byte[SpoolRecord.HeaderBytes + sizeof(long)]);
        body.WriteByte((byte)kept.Kind);
        kept.Verdict.Write(body);
        body.Write(kept.Body);
        byte[] copy = body.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(SpoolRecord.HeaderBytes), kept.Id);
        SpoolRecord.Seal(copy, (byte)QuarantineRecordKind.Message, kept.Lane, kept.ArrivalTime);
        return copy;
    }

    /// <summary>A whole record of an outcome.</summary>
    public static byte[] Write(QuarantineOutcome outcome, byte lane, long arrivalTime)
    {
        using var body = new MemoryStream();
        body.Write(new byte[SpoolRecord.HeaderBytes + OutcomeHeadBytes]);
        outcome.Verdict.Write(body);
        byte[] copy = body.ToArray();
        Span<byte> head = copy.AsSpan(SpoolRecord.HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(head, outcome.Id);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], outcome.Offset);
        head[16] = (byte)outcome.Fate;
        BinaryPrimitives.WriteInt32LittleEndian(head[17..], outcome.Points);
        BinaryPrimitives.WriteInt32LittleEndian(head[21..], outcome.Refused);
        SpoolRecord.Seal(copy, (byte)QuarantineRecordKind.Outcome, lane, arrivalTime);
        return copy;
    }

    /// <summary>True for a record that keeps a message, in whatever version.</summary>
    public static bool IsMessage(in RecordView record) => (QuarantineRecordKind)record.Kind
        is QuarantineRecordKind.Message
        or QuarantineRecordKind.FirstPublish
        or QuarantineRecordKind.FirstHttpWrite;

    /// <summary>Reads a record that keeps a message.</summary>
    public static KeptMessage ReadMessage(in RecordView record)
    {
        ReadOnlySpan<byte> body = record.Body;
        long id = BinaryPrimitives.ReadInt64LittleEndian(body);
        bool isFirst = record.Kind != (byte)QuarantineRecordKind.Message;
        var kind = (RecordKind)(isFirst ? record.Kind : body[sizeof(long)]);
        ReadOnlySpan<byte> rest = body[(sizeof(long) + sizeof(byte))..];
        QuarantineVerdict verdict = isFirst ? ReadFirst(body, out rest) : QuarantineVerdict.Read(ref rest);
        return new KeptMessage
        {
            Id = id,
            ArrivalTime = record.ArrivalTime,
            Lane = record.Lane,
            Kind = kind,
            Verdict = verdict,
            Body = rest,
        };
    }

    /// <summary>Reads a record of an outcome.</summary>
    public static QuarantineOutcome ReadOutcome(in RecordView record)
    {
        ReadOnlySpan<byte> body = record.Body;
        ReadOnlySpan<byte> rest = body[OutcomeHeadBytes..];
        return new QuarantineOutcome(
            BinaryPrimitives.ReadInt64LittleEndian(body),
            BinaryPrimitives.ReadInt64LittleEndian(body[8..]),
            (RecordFate)body[16],
            BinaryPrimitives.ReadInt32LittleEndian(body[17..]),
            BinaryPrimitives.ReadInt32LittleEndian(body[21..]),
            QuarantineVerdict.Read(ref rest));
    }

    private static QuarantineVerdict ReadFirst(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> message)
    {
        byte reason = body[FirstPrefixBytes - 1];
        message = body[FirstPrefixBytes..];
        string detail = "";
        if ((reason & FirstDetailFlag) != 0)
        {
            int end = sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(message);
            detail = Encoding.UTF8.GetString(message[sizeof(ushort)..end]);
            message = message[end..];
        }

        int offset = BinaryPrimitives.ReadInt32LittleEndian(body[sizeof(long)..]);
        return new QuarantineVerdict((FaultReason)(reason & ~FirstDetailFlag), offset, detail, "", "", "");
    }
}
