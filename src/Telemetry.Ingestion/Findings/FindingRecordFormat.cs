using System.Buffers;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Records of the history of findings as bytes, version 1, little-endian; docs/formats/findings.md draws them. Times of
/// verdicts are the arrival times of their records.
/// </summary>
internal static class FindingRecordFormat
{
    private const byte Version = 1;

    /// <summary>A whole record of the spool.</summary>
    /// <param name="record">What it says.</param>
    /// <param name="now">Its arrival time.</param>
    public static byte[] Write(FindingRecord record, long now)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(body);
        writer.Byte(Version);
        FindingRecordKind kind = WriteBody(writer, record);
        var block = new byte[SpoolRecord.Measure(body.WrittenCount)];
        body.WrittenSpan.CopyTo(block.AsSpan(SpoolRecord.HeaderBytes));
        SpoolRecord.Seal(block, (byte)kind, lane: 0, now);
        return block;
    }

    /// <summary>Reads a record.</summary>
    /// <returns>Null when it is none that this program can read.</returns>
    public static FindingRecord? Read(in RecordView record)
    {
        var reader = new StateReader(record.Body);
        byte version = reader.Byte();
        FindingRecord? read = version != Version ? null : (FindingRecordKind)record.Kind switch
        {
            FindingRecordKind.Found => ReadFound(ref reader),
            FindingRecordKind.Grown => ReadChanged(ref reader, isEnd: false),
            FindingRecordKind.Ended => ReadChanged(ref reader, isEnd: true),
            FindingRecordKind.Judged => ReadJudged(ref reader, record.ArrivalTime),
            FindingRecordKind.Revoked =>
                new RevokedRecord(reader.Int64(), record.ArrivalTime, Text(ref reader), Text(ref reader)),
            _ => null,
        };
        return reader.IsFailed || reader.RestBytes > 0 ? null : read;
    }

    private static FindingRecordKind WriteBody(StateWriter writer, FindingRecord record)
    {
        switch (record)
        {
            case FoundRecord found:
                Write(writer, found.Finding);
                return FindingRecordKind.Found;
            case ChangedRecord changed:
                writer.Int64(changed.Number);
                writer.Int64(changed.Time);
                writer.Int64(changed.Offset);
                writer.Double(changed.Size);
                writer.Double(changed.Surprise);
                return changed.IsEnd ? FindingRecordKind.Ended : FindingRecordKind.Grown;
            case JudgedRecord judged:
                Write(writer, judged.Verdict);
                return FindingRecordKind.Judged;
            default:
                var revoked = (RevokedRecord)record;
                writer.Int64(revoked.Number);
                writer.Text(revoked.Operator);
                writer.Text(revoked.Comment);
                return FindingRecordKind.Revoked;
        }
    }

    private static void Write(StateWriter writer, KeptFinding kept)
    {
        writer.Int64(kept.Number);
        writer.Byte((byte)kept.Level);
        writer.Int64(kept.HeldBy);
        writer.Text(kept.Signal);
        writer.Text(kept.Unit);
        writer.Int64(kept.Finding.Time);
        writer.Int64(kept.Finding.Offset);
        writer.Double(kept.Finding.Value);
        writer.Double(kept.Finding.Limit);
        writer.Byte((byte)kept.Finding.Class);
        writer.Text(kept.Finding.Explanation);
        Write(writer, kept.Facts);
    }

    private static FoundRecord? ReadFound(ref StateReader reader)
    {
        long number = reader.Int64();
        var level = (FindingLevel)reader.Byte();
        long heldBy = reader.Int64();
        string signal = Text(ref reader);
        string unit = Text(ref reader);
        var finding = new Finding(
            new Condition(-1, ConditionKind.Anomaly),
            FindingEdge.Began,
            reader.Int64(),
            reader.Int64(),
            reader.Double(),
            reader.Double(),
            (FindingClass)reader.Byte(),
            Text(ref reader));
        AnomalyFacts? facts = ReadFacts(ref reader);
        bool isKnown = facts is not null && Enum.IsDefined(level) && Enum.IsDefined(finding.Class);
        return !isKnown ? null : new FoundRecord(new KeptFinding
        {
            Number = number,
            Level = level,
            HeldBy = heldBy,
            Signal = signal,
            Unit = unit,
            Finding = finding with { Anomaly = facts },
            Facts = facts!,
        });
    }

    private static ChangedRecord ReadChanged(ref StateReader reader, bool isEnd) =>
        new(reader.Int64(), reader.Int64(), reader.Int64(), isEnd, reader.Double(), reader.Double());

    private static void Write(StateWriter writer, KeptVerdict verdict)
    {
        writer.Int64(verdict.Number);
        writer.Int64(verdict.FindingNumber);
        writer.Int64(verdict.FindingTime);
        writer.Text(verdict.Signal);
        writer.Text(verdict.Unit);
        writer.Byte((byte)verdict.Verdict);
        writer.Int64(verdict.ExpiresAt);
        writer.Text(verdict.Operator);
        writer.Text(verdict.Comment);
        Write(writer, verdict.Judged);
    }

    private static JudgedRecord? ReadJudged(ref StateReader reader, long givenAt)
    {
        long number = reader.Int64();
        long findingNumber = reader.Int64();
        long findingTime = reader.Int64();
        string signal = Text(ref reader);
        string unit = Text(ref reader);
        var verdict = (OperatorVerdict)reader.Byte();
        long expiresAt = reader.Int64();
        string operatorName = Text(ref reader);
        string comment = Text(ref reader);
        AnomalyFacts? judged = ReadFacts(ref reader);
        return judged is null || !Enum.IsDefined(verdict) ? null : new JudgedRecord(new KeptVerdict
        {
            Number = number,
            FindingNumber = findingNumber,
            FindingTime = findingTime,
            Signal = signal,
            Unit = unit,
            Verdict = verdict,
            Judged = judged,
            Operator = operatorName,
            Comment = comment,
            GivenAt = givenAt,
            ExpiresAt = expiresAt,
        });
    }

    private static void Write(StateWriter writer, AnomalyFacts facts)
    {
        writer.Byte((byte)facts.Channel);
        writer.Flag(facts.IsUp);
        writer.Double(facts.Surprise);
        writer.Double(facts.Size);
        writer.Double(facts.Tolerance);
        writer.Double(facts.HistoryDays);
        writer.Double(facts.Air.Value);
        writer.Double(facts.Air.Span);
        writer.Double(facts.Load.Value);
        writer.Double(facts.Load.Span);
    }

    private static AnomalyFacts? ReadFacts(ref StateReader reader)
    {
        var channel = (AnomalyChannel)reader.Byte();
        var facts = new AnomalyFacts
        {
            Channel = channel,
            IsUp = reader.Flag(),
            Surprise = reader.Double(),
            Size = reader.Double(),
            Tolerance = reader.Double(),
            HistoryDays = reader.Double(),
            Air = new AnomalyCondition(reader.Double(), reader.Double()),
            Load = new AnomalyCondition(reader.Double(), reader.Double()),
        };
        return Enum.IsDefined(channel) ? facts : null;
    }

    private static string Text(ref StateReader reader) => Encoding.UTF8.GetString(reader.Block());
}
