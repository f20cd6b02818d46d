using System.Net;

namespace Telemetry.EndToEnd.Tests;

/// <summary>An InfluxDB that takes everything and keeps nothing.</summary>
internal sealed class ObligingInflux : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _answering;

    private ObligingInflux()
    {
        Url = $"http://127.0.0.1:{FreePort.Find()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _answering = AnswerAsync();
    }

    public string Url { get; }

    public static ObligingInflux Start() => new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext request = await _listener.GetContextAsync();
                await request.Request.InputStream.CopyToAsync(Stream.Null);
                request.Response.StatusCode = (int)HttpStatusCode.NoContent;
                request.Response.Close();
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
