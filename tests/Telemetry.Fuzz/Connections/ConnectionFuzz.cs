using System.Diagnostics;

namespace Telemetry.Fuzz;

/// <summary>
/// Runs scripts against one server, many at a time, and looks after each batch whether it is as it was: the canary is
/// answered, all connections are over, nothing broke; and from time to time, that sessions end and memory comes back.
/// </summary>
internal sealed class ConnectionFuzz : IDisposable
{
    private const int BatchScripts = 64;
    private const int HurryEvery = 3; // in every third batch a second passes with each look
    private const int RestEvery = 40; // batches between two looks at sessions
    private const int MemoryEvery = 400; // batches between two looks at memory, which cost a collection
    private const int TurnsPerSecond = 20; // for what may have to wait for the clock
    private const int SubscriptionsOfCanary = 1;
    private const long MemoryGrowthMax = 24 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // of the real clock; only a failure needs it
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FuzzServer _server = new();
    private readonly ScriptMaker _maker;
    private readonly CanaryClient _canary;
    private readonly RestartCheck _restart;
    private long _memoryAtFirst;
    private int _batches;
    private int _canaryPackets = 2;

    public ConnectionFuzz(ulong seed)
    {
        bool hasShares = seed % 2 == 0; // the log does not say which member had a message: a restart may know others
        _maker = new ScriptMaker(seed, hasShares);
        _canary = new CanaryClient(_server);
        _restart = new RestartCheck(_server, comparesQueues: !hasShares);
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    /// <summary>Scripts run.</summary>
    public long Scripts { get; private set; }

    /// <summary>The script that the complaint is about; null when it may be any of the batch.</summary>
    public Script? Culprit { get; private set; }

    /// <summary>The server's counters, to see how far scripts get.</summary>
    public Mqtt.Pipelines.MqttMetrics Metrics => _server.Metrics;

    /// <summary>Connects the canary.</summary>
    public async Task<string?> StartAsync()
    {
        await _canary.StartAsync();
        return await UntilAsync(() => _canary.ReceivedCount == _canaryPackets, TurnsPerSecond)
            ? _restart.Begin()
            : "the canary is not taken in";
    }

    /// <summary>Runs the scripts from a number on, at most a batch of them; null when nothing is wrong.</summary>
    public async Task<(string? Complaint, int Count)> RunBatchAsync(long first, long most)
    {
        int count = (int)Math.Min(BatchScripts, most);
        var runs = new ScriptRun[count];
        var tasks = new Task[count];
        for (int i = 0; i < count; i++)
        {
            runs[i] = new ScriptRun(_maker.Make(first + i), _server);
            tasks[i] = runs[i].RunAsync();
        }

        Scripts += count;
        _batches++;
        var all = Task.WhenAll(tasks);
        int turnsPerSecond = _batches % HurryEvery == 0 ? 1 : TurnsPerSecond;
        bool isOver = await UntilAsync(
            () => all.IsCompleted && Array.TrueForAll(runs, run => run.IsOver), turnsPerSecond);
        string? complaint = isOver ? all.Exception?.ToString() : "connections do not end";
        complaint ??= ComplaintOf(runs) ?? await CheckCanaryAsync() ?? await CheckRestartAsync();
        if (complaint is null && _batches % RestEvery == 0)
        {
            complaint = await CheckRestAsync();
        }

        if (_server.Log.TryTake(out string? said))
        {
            complaint ??= said;
        }

        Culprit ??= complaint is null ? null : Array.Find(runs, run => !run.IsOver)?.Script;
        return (complaint, count);
    }

    public void Dispose()
    {
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
        _restart.Dispose();
        _server.Dispose();
    }

    private string? ComplaintOf(ScriptRun[] runs)
    {
        foreach (ScriptRun run in runs)
        {
            if (run.Complaint() is { } complaint)
            {
                Culprit = run.Script;
                return complaint;
            }
        }

        return null;
    }

    private async Task<string?> CheckCanaryAsync()
    {
        await _canary.PublishAsync();
        _canaryPackets += 2;
        bool isAnswered = await UntilAsync(
            () => _canary.ReceivedCount >= _canaryPackets || _canary.IsOver, TurnsPerSecond);
        await _canary.AcknowledgeAsync();
        return _canary.IsOver ? $"the canary was thrown out: {_canary.End}"
            : !isAnswered ? $"the canary got {_canary.ReceivedCount} packets, not {_canaryPackets}"
            : _canary.Complaint;
    }

    /// <summary>What a restart would know; while the clock stands still no session ends by itself.</summary>
    private async Task<string?> CheckRestartAsync() =>
        await UntilAsync(_restart.IsSame, turnsPerSecond: int.MaxValue) ? null : _restart.ToString();

    /// <summary>With all sessions over nothing is left but the canary's.</summary>
    private async Task<string?> CheckRestAsync()
    {
        await UntilAsync(() => _server.Broker.SessionCount == 1, turnsPerSecond: 1);
        Mqtt.Pipelines.Broker broker = _server.Broker;
        var state = (
            broker.Connections().Count, broker.SessionCount, broker.SubscriptionCount, _server.Metrics.Connections);
        if (state != (1, 1, SubscriptionsOfCanary, 1))
        {
            return $"connections, sessions, subscriptions and counted connections are {state} at rest";
        }

        if (broker.RetainedCount > _server.Options.RetainedMessagesMax || !await UntilAsync(
            () => broker.QueuedBytes == 0, TurnsPerSecond))
        {
            return $"{broker.RetainedCount} retained messages and {broker.QueuedBytes} queued bytes at rest";
        }

        return _restart.Begin() ?? (_batches % MemoryEvery == 0 ? CheckMemory() : null);
    }

    private string? CheckMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers(); // tasks whose exception nobody saw say so here
        long bytes = GC.GetTotalMemory(forceFullCollection: true);
        _memoryAtFirst = _memoryAtFirst == 0 ? bytes : _memoryAtFirst;
        return bytes > _memoryAtFirst + MemoryGrowthMax
            ? $"memory grew from {_memoryAtFirst:N0} to {bytes:N0} bytes"
            : null;
    }

    /// <summary>Looks again and again; after so many looks a second passes.</summary>
    private async Task<bool> UntilAsync(Func<bool> isDone, int turnsPerSecond)
    {
        long start = Stopwatch.GetTimestamp();
        for (int turn = 1; !isDone(); turn++)
        {
            if (turn % turnsPerSecond == 0)
            {
                _server.Time.Advance(Second);
            }

            if (turn < 50)
            {
                await Task.Yield();
            }
            else
            {
                await Task.Delay(1);
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                return false;
            }
        }

        return true;
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved)
    {
        _server.Log.Complain($"an exception that nobody saw: {unobserved.Exception}");
        unobserved.SetObserved();
    }
}
