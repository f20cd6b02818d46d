using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Api;

/// <summary>The body of a write, or the refusal that takes its place.</summary>
/// <param name="Bytes">The whole body, decompressed.</param>
/// <param name="Status">HTTP status of the refusal; 0 when there is none.</param>
/// <param name="Error">Why it was refused, and what to send.</param>
internal readonly record struct RequestBody(ReadOnlyMemory<byte> Bytes, int Status, string Error)
{
    private const int BlockBytes = 64 * 1024;
    private const int GzipBytesMin = 18; // RFC 1952 §2.2: header 10, trailer 8

    // A gzip member of our own with the four bytes "end\n", put behind what came. The decompressor reads members one
    // after the other (RFC 1952 §2.2), each against its checksum and length, and says nothing of a stream that just
    // stops: only behind a complete one it arrives at this member.
    private static readonly byte[] EndText = "end\n"u8.ToArray();
    private static readonly byte[] EndMember = Compress(EndText);

    /// <summary>True when the body can be used.</summary>
    public bool IsWhole => Status == 0;

    /// <summary>Reads the whole body; nothing of a damaged one is given.</summary>
    /// <param name="source">As it comes over the wire.</param>
    /// <param name="encoding">The header <c>Content-Encoding</c>.</param>
    /// <param name="bytesMax">Ceiling before and after decompression.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    public static async Task<RequestBody> ReadAsync(
        Stream source, string encoding, int bytesMax, CancellationToken cancellationToken)
    {
        bool isGzip = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!isGzip && encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Refused(
                StatusCodes.Status415UnsupportedMediaType,
                $"cannot read body: content encoding \"{encoding}\" is not understood; send gzip or none");
        }

        try
        {
            using MemoryStream? sent = await CopyAsync(source, bytesMax, cancellationToken);
            return sent is null ? TooLarge(bytesMax)
                : isGzip ? await DecompressAsync(sent, bytesMax, cancellationToken)
                : new RequestBody(sent.ToArray(), 0, "");
        }
        catch (BadHttpRequestException cause)
        {
            return cause.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(bytesMax)
                : Refused(cause.StatusCode, $"cannot read body: {cause.Message} Nothing is stored");
        }
    }

    private static async Task<RequestBody> DecompressAsync(
        MemoryStream sent, int bytesMax, CancellationToken cancellationToken)
    {
        if (sent.Length < GzipBytesMin)
        {
            return Damaged($"{sent.Length} bytes, a gzip stream has at least {GzipBytesMin}");
        }

        sent.Position = sent.Length;
        sent.Write(EndMember);
        sent.Position = 0;
        await using var plain = new GZipStream(sent, CompressionMode.Decompress);
        try
        {
            using MemoryStream? body = await CopyAsync(plain, (long)bytesMax + EndText.Length, cancellationToken);
            if (body is null)
            {
                return TooLarge(bytesMax);
            }

            ReadOnlyMemory<byte> bytes = body.ToArray();
            return bytes.Span.EndsWith(EndText)
                ? new RequestBody(bytes[..^EndText.Length], 0, "")
                : Damaged("the gzip stream ends before its trailer, or something else stands behind it");
        }
        catch (InvalidDataException cause)
        {
            return Damaged($"the gzip stream is damaged or cut ({cause.Message})");
        }
    }

    /// <summary>All that a stream has; null when that is more than allowed.</summary>
    private static async Task<MemoryStream?> CopyAsync(
        Stream source, long bytesMax, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        var block = new byte[BlockBytes];
        while (await source.ReadAsync(block, cancellationToken) is > 0 and int bytes)
        {
            if (copy.Length + bytes > bytesMax)
            {
                return null;
            }

            copy.Write(block.AsSpan(0, bytes));
        }

        return copy;
    }

    private static byte[] Compress(byte[] text)
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionMode.Compress))
        {
            gzip.Write(text);
        }

        return member.ToArray();
    }

    private static RequestBody TooLarge(int bytesMax) => Refused(
        StatusCodes.Status413PayloadTooLarge,
        $"Request Entity Too Large: at most {bytesMax} bytes before and after decompression (Http:WriteBytesMax); "
        + "nothing is stored, send it in smaller pieces");

    private static RequestBody Damaged(string cause) => Refused(
        StatusCodes.Status400BadRequest, $"cannot decompress body: {cause}; nothing is stored, send it again");

    private static RequestBody Refused(int status, string error) => new(default, status, error);
}
