using System.Diagnostics;

namespace Telemetry.Load;

/// <summary>One run: all connections on one thread, in turn, until every message is acknowledged.</summary>
internal sealed class LoadRun : IDisposable
{
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);
    private readonly LoadOptions _options;
    private readonly Sender[] _senders;
    private readonly ReadySockets _ready = new();
    private readonly List<double> _latencies;
    private long _sent;
    private long _acknowledged;
    private int _next; // whose turn it is to send

    private LoadRun(LoadOptions options)
    {
        _options = options;
        _latencies = new List<double>((int)Math.Min(options.Messages, 4_000_000));
        _senders = [.. Enumerable.Range(0, options.Connections).Select(i => new Sender(options, i))];
        for (int i = 0; i < _senders.Length; i++)
        {
            _ready.Watch(_senders[i].Socket, i);
        }
    }

    public static async Task<LoadResult> RunAsync(LoadOptions options)
    {
        using var run = new LoadRun(options);
        ServerCost before = await ServerCost.ReadAsync(options);
        double senderBefore = SelfCpuSeconds();
        long started = Stopwatch.GetTimestamp();
        run.Pump(started);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double senderCpu = SelfCpuSeconds() - senderBefore;
        ServerCost after = await ServerCost.ReadAsync(options);
        run._latencies.Sort();
        return new LoadResult
        {
            Messages = options.Messages,
            PointsPerMessage = options.PointsPerMessage,
            PayloadBytes = run._senders[0].PayloadBytes,
            Seconds = seconds,
            SenderCpuSeconds = senderCpu,
            Latencies = [.. run._latencies],
            Cost = after.Since(before),
        };
    }

    public void Dispose()
    {
        _ready.Dispose();
        foreach (Sender sender in _senders)
        {
            sender.Dispose();
        }
    }

    private void Pump(long started)
    {
        long lastProgress = started;
        while (_acknowledged < _options.Messages)
        {
            long before = _sent + _acknowledged;
            long due = _options.Rate == 0
                ? _options.Messages
                : Math.Min(_options.Messages, (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * _options.Rate));
            SendDue(due);
            Receive(_sent + _acknowledged == before || _options.Rate > 0 ? 1 : 0);
            if (_sent + _acknowledged != before)
            {
                lastProgress = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(lastProgress) > StallMax)
            {
                throw new TimeoutException(
                    $"no progress for {StallMax.TotalSeconds} s: {_sent} sent, {_acknowledged} acknowledged");
            }
        }
    }

    /// <summary>A burst each in turn, from where the last turn ended, so that all connections send alike.</summary>
    private void SendDue(long due)
    {
        for (int i = 0; i < _senders.Length && _sent < due; i++)
        {
            _sent += _senders[_next].SendBurst(due - _sent);
            _next = _next + 1 < _senders.Length ? _next + 1 : 0;
        }
    }

    private void Receive(int milliseconds)
    {
        int count = _ready.Wait(milliseconds);
        for (int i = 0; i < count; i++)
        {
            Sender sender = _senders[_ready.IndexAt(i)];
            long before = sender.Acknowledged;
            sender.Receive(_latencies);
            _acknowledged += sender.Acknowledged - before;
        }

        if (_options.Qos == 0)
        {
            _acknowledged = _sent;
        }
    }

    private static double SelfCpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
