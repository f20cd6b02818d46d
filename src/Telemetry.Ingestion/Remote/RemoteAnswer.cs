using System.Buffers;
using System.Net;

namespace Telemetry.Ingestion;

/// <summary>An answer of the remote InfluxDB as it comes, or why there is none.</summary>
public sealed class RemoteAnswer : IDisposable
{
    private const int PieceBytes = 64 * 1024;
    private readonly HttpResponseMessage? _answer;
    private readonly Action? _done;

    internal RemoteAnswer(HttpResponseMessage answer, Action done)
    {
        _answer = answer;
        _done = done;
        Status = answer.StatusCode;
        ContentType = answer.Content.Headers.ContentType?.ToString() ?? "application/json";
    }

    private RemoteAnswer(HttpStatusCode status, string fault)
    {
        Status = status;
        Fault = fault;
        ContentType = "application/json";
    }

    /// <summary>Status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Its content type.</summary>
    public string ContentType { get; }

    /// <summary>Why it was not asked, or gave no answer; null when there is one.</summary>
    public string? Fault { get; }

    /// <summary>Hands the answer on as it comes.</summary>
    /// <returns>False when it was cut at the ceiling.</returns>
    public async Task<bool> CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        await using Stream source = await _answer!.Content.ReadAsStreamAsync(cancellationToken);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            long left = IngestionLimits.RemoteAnswerBytesMax;
            while (true)
            {
                int bytes = await source.ReadAsync(piece, cancellationToken);
                left -= bytes;
                if (bytes == 0 || left < 0)
                {
                    return left >= 0;
                }

                await target.WriteAsync(piece.AsMemory(0, bytes), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _answer?.Dispose();
        _done?.Invoke();
    }

    internal static RemoteAnswer Refused(HttpStatusCode status, string fault) => new(status, fault);
}
