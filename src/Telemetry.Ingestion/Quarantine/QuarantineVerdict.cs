using System.Buffers.Binary;
using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>Why a message was not taken whole, and by what it was decoded.</summary>
/// <param name="Reason">The first fault's reason.</param>
/// <param name="FaultOffset">Byte in the payload at which it stands.</param>
/// <param name="Detail">What the reason cannot say alone; may be empty.</param>
/// <param name="Decoder">
/// Name of the decoder; empty when no route took the message, or it was kept by a version that did not write it down.
/// </param>
/// <param name="Route">Name of the route; empty likewise.</param>
/// <param name="Version">Version of program and route, as <see cref="RouteVersion"/> writes it; empty likewise.</param>
internal sealed record QuarantineVerdict(
    FaultReason Reason, int FaultOffset, string Detail, string Decoder, string Route, string Version)
{
    private const int ShortBytesMax = byte.MaxValue;
    private const int LongBytesMax = 2_048; // a name may be longer than what anyone reads

    /// <summary>The verdict on a record of a batch.</summary>
    public static QuarantineVerdict Of(PointBatch batch, in RecordEntry entry) => new(
        (FaultReason)entry.FaultReason,
        entry.FaultOffset,
        Encoding.UTF8.GetString(batch.FaultTextOf(entry)),
        entry.Route?.Decoder ?? "",
        entry.Route?.Name ?? "",
        RouteVersion.Of(entry.Route));

    /// <summary>Reason and detail in words.</summary>
    public string Words => Detail.Length > 0 ? $"{WordsOf(Reason)}: {Detail}" : WordsOf(Reason);

    /// <summary>Writes it; layout in docs/formats/quarantine.md.</summary>
    public void Write(Stream target)
    {
        Span<byte> head = stackalloc byte[sizeof(int) + sizeof(byte)];
        BinaryPrimitives.WriteInt32LittleEndian(head, FaultOffset);
        head[^1] = (byte)Reason;
        target.Write(head);
        WriteShort(target, Decoder);
        WriteShort(target, Version);
        WriteLong(target, Route);
        WriteLong(target, Detail);
    }

    /// <summary>Reads it from the front of <paramref name="rest"/>, which then begins behind it.</summary>
    public static QuarantineVerdict Read(ref ReadOnlySpan<byte> rest)
    {
        int offset = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var reason = (FaultReason)rest[sizeof(int)];
        rest = rest[(sizeof(int) + sizeof(byte))..];
        string decoder = Take(ref rest, sizeof(byte), rest[0]);
        string version = Take(ref rest, sizeof(byte), rest[0]);
        string route = Take(ref rest, sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(rest));
        string detail = Take(ref rest, sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(rest));
        return new QuarantineVerdict(reason, offset, detail, decoder, route, version);
    }

    /// <summary>A reason of a later version of the program has no words here.</summary>
    private static string WordsOf(FaultReason reason) =>
        Enum.IsDefined(reason) ? FaultReasonText.Of(reason) : $"reason {(byte)reason}";

    private static void WriteShort(Stream target, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, ShortBytesMax);
        target.WriteByte((byte)length);
        target.Write(bytes.AsSpan(0, length));
    }

    private static void WriteLong(Stream target, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, LongBytesMax);
        Span<byte> prefix = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(prefix, (ushort)length);
        target.Write(prefix);
        target.Write(bytes.AsSpan(0, length));
    }

    private static string Take(ref ReadOnlySpan<byte> rest, int prefixBytes, int length)
    {
        string text = Encoding.UTF8.GetString(rest.Slice(prefixBytes, length));
        rest = rest[(prefixBytes + length)..];
        return text;
    }
}
