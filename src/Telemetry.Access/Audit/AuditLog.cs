using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Telemetry.Access;

/// <summary>
/// What identities did, written behind a bounded queue: whoever tells never waits, and what does not fit is counted.
/// </summary>
public sealed class AuditLog : IAsyncDisposable
{
    private const int BatchMax = 512;
    private readonly Channel<AuditEntry> _queue = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(AccessLimits.AuditQueueMax) { SingleReader = true });

    private readonly AuditFile _file;
    private readonly AccessMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _log;
    private readonly Task _writing;
    private bool _isLosing;

    /// <summary>Begins to write.</summary>
    public AuditLog(AuditFile file, AccessMetrics metrics, TimeProvider time, ILogger<AuditLog> log)
    {
        _file = file;
        _metrics = metrics;
        _time = time;
        _log = log;
        _writing = WriteAsync();
    }

    /// <summary>What was refused since the service started.</summary>
    public RecentRefusals Refusals { get; } = new();

    /// <summary>A CONNECT was judged.</summary>
    public void OnJudged(AccessReason reason, string? identity, string client, IPAddress? address)
    {
        if (!AccessReasonText.IsAccepted(reason))
        {
            string from = address?.ToString() ?? "";
            Refusals.Add(identity, client, AccessReasonText.Of(reason), "", from, _time.GetUtcNow());
        }

        Add(new AuditEntry(_time.GetUtcNow(), AccessReasonText.IsAccepted(reason) ? "connect" : "refuse")
        {
            Identity = identity,
            Client = client,
            Address = address?.ToString(),
            Reason = AccessReasonText.Of(reason),
        });
    }

    /// <summary>A connection that had been let in is over.</summary>
    /// <param name="identity">Whose; null for an anonymous client.</param>
    /// <param name="client">Its client identifier.</param>
    /// <param name="address">Its address.</param>
    /// <param name="reason">How it ended, in a word.</param>
    public void OnDisconnected(string? identity, string client, IPAddress? address, string reason) =>
        Add(new AuditEntry(_time.GetUtcNow(), "disconnect")
        {
            Identity = identity,
            Client = client,
            Address = address?.ToString(),
            Reason = reason,
        });

    /// <summary>An identity was withdrawn while the service runs.</summary>
    public void OnWithdrawn(string identity) =>
        Add(new AuditEntry(_time.GetUtcNow(), "withdraw") { Identity = identity });

    /// <summary>An operator did something that stays.</summary>
    /// <param name="who">The operator, as given.</param>
    /// <param name="name">The event.</param>
    /// <param name="words">What was done to what.</param>
    public void OnOperator(string who, string name, string words) =>
        Add(new AuditEntry(_time.GetUtcNow(), name) { Who = who, Reason = words });

    /// <summary>Somebody had messages of the past decoded anew.</summary>
    /// <param name="who">Who asked, by its own word and address.</param>
    /// <param name="redecode">What came of it.</param>
    public void OnRedecoded(string who, RedecodeAudit redecode) =>
        Add(new AuditEntry(_time.GetUtcNow(), "redecode") { Who = who, Redecode = redecode });

    /// <summary>Writes what is queued and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    internal void OnDenied(string name, string identity, string client, string topic)
    {
        Refusals.Add(identity, client, name, topic, "", _time.GetUtcNow());
        Add(new AuditEntry(_time.GetUtcNow(), name) { Identity = identity, Client = client, Topic = topic });
    }

    private void Add(AuditEntry entry)
    {
        if (!_queue.Writer.TryWrite(entry))
        {
            _metrics.OnAuditDropped(1);
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<AuditEntry>(BatchMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchMax && _queue.Reader.TryRead(out AuditEntry? entry))
            {
                batch.Add(entry);
            }

            await AppendAsync(batch);
            batch.Clear();
        }
    }

    private async Task AppendAsync(List<AuditEntry> batch)
    {
        try
        {
            await _file.AppendAsync(batch);
            _isLosing = false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _metrics.OnAuditDropped(batch.Count);
            if (!_isLosing)
            {
                _log.AuditLost(_file.Path, cause.Message, batch.Count);
            }

            _isLosing = true; // told once per episode
        }
    }
}
