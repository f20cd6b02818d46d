using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Api.Tests.Bodies;

public sealed class RequestBodyTests
{
    private const int BytesMax = 200_000;
    private static readonly string Lines =
        string.Concat(Enumerable.Range(0, 200).Select(i => $"pump,asset=P-{i % 7} flow={i}.{i * 37 % 1000} {i}\n"));

    [Fact]
    public async Task A_whole_body_is_given_as_it_was_before_compression()
    {
        await Check(200, Lines, Encoding.UTF8.GetBytes(Lines), "");
        await Check(200, Lines, Encoding.UTF8.GetBytes(Lines), "identity");
        await Check(200, Lines, Gzip(Lines), "gzip");
        await Check(200, Lines, Gzip(Lines), "GZIP");
        await Check(200, Lines, Gzip(Lines, CompressionLevel.NoCompression), "gzip");
        await Check(200, "", Convert.FromHexString("1f8b080000000000000303000000000000000000"), "gzip");
        await Check(200, "a\nb\n", [.. Gzip("a\n"), .. Gzip("b\n")], "gzip");
    }

    [Fact]
    public async Task A_gzip_stream_cut_anywhere_is_refused()
    {
        foreach (CompressionLevel level in new[] { CompressionLevel.Fastest, CompressionLevel.NoCompression })
        {
            byte[] whole = Gzip(Lines, level);
            for (int cut = 0; cut < whole.Length; cut++)
            {
                RequestBody body = await ReadAsync(whole[..cut], "gzip");
                Assert.True(body.Status == 400, $"{cut} of {whole.Length} bytes were taken");
                Assert.Contains("cannot decompress body", body.Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_gzip_stream_with_a_damaged_byte_is_never_taken_for_something_else()
    {
        byte[] whole = Gzip(Lines);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x10;
            RequestBody body = await ReadAsync(damaged, "gzip");
            Assert.True(
                body.Status == 400 || Encoding.UTF8.GetString(body.Bytes.Span) == Lines,
                $"byte {i} damaged: status {body.Status}");
        }
    }

    [Fact]
    public async Task What_is_no_gzip_or_has_text_behind_it_is_refused()
    {
        await Check(400, "", Encoding.UTF8.GetBytes(Lines), "gzip");
        await Check(400, "", [.. Gzip(Lines), 1, 2, 3], "gzip");
        await Check(415, "", Encoding.UTF8.GetBytes(Lines), "br");
    }

    [Fact]
    public async Task The_ceiling_holds_before_and_after_decompression()
    {
        string largest = new('x', BytesMax);
        await Check(200, largest, Encoding.UTF8.GetBytes(largest), "");
        await Check(200, largest, Gzip(largest), "gzip");
        await Check(413, "", Encoding.UTF8.GetBytes(largest + "x"), "");
        await Check(413, "", Gzip(largest + new string('x', 5)), "gzip");
        RequestBody refused = await ReadAsync(Gzip(largest + "12345"), "gzip");
        Assert.Contains("at most 200000 bytes", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_the_server_refuses_while_it_is_read_keeps_the_servers_status()
    {
        using var source = new RefusingStream(StatusCodes.Status413PayloadTooLarge);
        RequestBody body = await RequestBody.ReadAsync(source, "", BytesMax, CancellationToken.None);
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, body.Status);
        using var broken = new RefusingStream(StatusCodes.Status400BadRequest);
        body = await RequestBody.ReadAsync(broken, "gzip", BytesMax, CancellationToken.None);
        Assert.Equal(StatusCodes.Status400BadRequest, body.Status);
    }

    private static async Task Check(int status, string expected, byte[] sent, string encoding)
    {
        RequestBody body = await ReadAsync(sent, encoding);
        Assert.Equal(status == 200 ? 0 : status, body.Status);
        Assert.Equal(expected, Encoding.UTF8.GetString(body.Bytes.Span));
        Assert.Equal(body.IsWhole, body.Error.Length == 0);
    }

    private static async Task<RequestBody> ReadAsync(byte[] sent, string encoding)
    {
        using var source = new MemoryStream(sent);
        return await RequestBody.ReadAsync(source, encoding, BytesMax, CancellationToken.None);
    }

    private static byte[] Gzip(string text, CompressionLevel level = CompressionLevel.Optimal)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    private sealed class RefusingStream(int status) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new BadHttpRequestException("refused.", status);
    }
}
