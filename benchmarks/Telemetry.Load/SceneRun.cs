namespace Telemetry.Load;

/// <summary>One server under one load: fresh process and files, warmed up, measured until all is stored.</summary>
internal static class SceneRun
{
    private const int WarmUpPoints = 2_000_000;
    private const int WarmUpConnections = 50;
    private const int CalledMessages = 100_000; // enough for a ratio; the counting itself costs

    /// <summary>The service, started for it.</summary>
    public static async Task<LoadResult> TelemetryAsync(string path, LoadOptions options, bool countsCalls = false)
    {
        using LineSink? sink = options.Influx ? new LineSink() : null;
        LoadOptions warmUp = options with
        {
            Measurement = LoadSite.WarmUp,
            Messages = WarmUpPoints / options.PointsPerMessage,
            Connections = Math.Min(options.Connections, WarmUpConnections),
            Series = Math.Min(options.Series, 1_000),
            Rate = 0,
        };
        using ServerProcess service = await ServerProcess.StartTelemetryAsync(path, options, warmUp, sink);
        LoadOptions At(LoadOptions load) =>
            load with { Port = service.Port, HttpPort = service.HttpPort, Pid = service.Pid };

        // The first part warms the service up as hours of running would: its code is compiled by then.
        await LoadRun.RunAsync(At(warmUp));
        // Each series once: its name is known by then, as on any day but the first.
        await LoadRun.RunAsync(At(options) with { Messages = options.SeriesSent, Rate = 0 });
        long lines = (warmUp.Messages + options.SeriesSent) * options.PointsPerMessage;
        if (sink is not null)
        {
            // Taken is not sent: the last request may wait a second, and would be counted as this run's.
            await StoredCount.MatchesAsync(sink, lines);
        }

        LoadResult result = await MeasureAsync(At(options), sink, lines);
        return countsCalls ? result with { CallsPerMessage = await CountCallsAsync(At(options)) } : result;
    }

    /// <summary>mosquitto, which only acknowledges: no subscriber, no persistence.</summary>
    public static async Task<LoadResult> MosquittoAsync(LoadOptions options, bool countsCalls = false)
    {
        using ServerProcess broker = await ServerProcess.StartMosquittoAsync();
        LoadOptions target = options with { Port = broker.Port, HttpPort = 0, Pid = broker.Pid };
        LoadResult result = await LoadRun.RunAsync(target);
        return countsCalls ? result with { CallsPerMessage = await CountCallsAsync(target) } : result;
    }

    /// <summary>A server that is there, as the options say.</summary>
    public static async Task<int> AgainstRunningAsync(LoadOptions options)
    {
        LoadResult result = options.HttpPort == 0
            ? await LoadRun.RunAsync(options)
            : await MeasureAsync(options, sink: null, linesBefore: 0);
        await Console.Out.WriteLineAsync(result.ToString());
        return result.IsComplete ? 0 : 1;
    }

    /// <summary>The bill is closed when the last point is stored, not when the last acknowledgement is out.</summary>
    private static async Task<LoadResult> MeasureAsync(LoadOptions target, LineSink? sink, long linesBefore)
    {
        await StoredCount.DrainedAsync(target);
        long points = target.Messages * target.PointsPerMessage;
        long storedBefore = await StoredCount.CountAsync(target);
        ServerCost before = await ServerCost.ReadAsync(target);
        LoadResult result = await LoadRun.RunAsync(target);
        await StoredCount.DrainedAsync(target);
        ServerCost after = await ServerCost.ReadAsync(target);
        bool isComplete = await StoredCount.MatchesAsync(target, storedBefore + points)
            && (sink is null || await StoredCount.MatchesAsync(sink, linesBefore + points));
        return result with { Cost = after.Since(before), IsComplete = isComplete };
    }

    private static async Task<double> CountCallsAsync(LoadOptions target)
    {
        LoadOptions counted = target with { Messages = Math.Min(target.Messages, CalledMessages) };
        using SystemCalls? calls = SystemCalls.TryCount(target.Pid);
        if (calls is null)
        {
            return double.NaN;
        }

        await LoadRun.RunAsync(counted);
        return await calls.StopAsync() / counted.Messages;
    }
}
