using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Telemetry.Api;

/// <summary>
/// One response of server-sent events (HTML Standard §9.2). A comment goes out when nothing else does, so that a proxy
/// or a dead link is noticed. Ends with the request or with the service.
/// </summary>
internal sealed class ServerSentEvents : IAsyncDisposable
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);
    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;

    public ServerSentEvents(HttpContext context, TimeProvider time)
    {
        _context = context;
        _time = time;
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        _ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Cancelled when the watcher went away or the service stops.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Sends one event; without a name it is a <c>message</c>.</summary>
    public async Task SendAsync<T>(string? name, T data, JsonSerializerOptions options)
    {
        string head = name is null ? "data: " : $"event: {name}\ndata: ";
        byte[] bytes = [.. Encoding.UTF8.GetBytes(head), .. JsonSerializer.SerializeToUtf8Bytes(data, options), 10, 10];
        await _context.Response.Body.WriteAsync(bytes, Ended);
        await _context.Response.Body.FlushAsync(Ended);
    }

    /// <summary>Waits until there is something to read; false when the source has completed.</summary>
    public async Task<bool> WaitAsync<T>(ChannelReader<T> source)
    {
        Task<bool> readable = source.WaitToReadAsync(Ended).AsTask();
        while (true)
        {
            try
            {
                return await readable.WaitAsync(SilenceMax, _time, Ended);
            }
            catch (TimeoutException)
            {
                await _context.Response.Body.WriteAsync(": still here\n\n"u8.ToArray(), Ended);
                await _context.Response.Body.FlushAsync(Ended);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _ended.Dispose();
        return ValueTask.CompletedTask;
    }
}
