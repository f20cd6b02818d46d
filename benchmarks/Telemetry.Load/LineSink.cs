using System.IO.Compression;
using System.Net;

namespace Telemetry.Load;

/// <summary>
/// An InfluxDB as far as a writer sees one: it takes every write, answers 204 and counts the lines. Its time is that of
/// the sender's process.
/// </summary>
internal sealed class LineSink : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly Task _serving;
    private long _lines;

    public LineSink()
    {
        Url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Url { get; }

    /// <summary>Lines taken so far.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                Count(context.Request);
                context.Response.StatusCode = (int)HttpStatusCode.NoContent;
                context.Response.Close();
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                // The run is over, or the service is.
            }
        }
    }

    private void Count(HttpListenerRequest request)
    {
        using Stream body = request.Headers["Content-Encoding"] == "gzip"
            ? new GZipStream(request.InputStream, CompressionMode.Decompress)
            : request.InputStream;
        for (int bytes; (bytes = body.Read(_buffer)) > 0;)
        {
            Interlocked.Add(ref _lines, _buffer.AsSpan(0, bytes).Count((byte)'\n'));
        }
    }
}
