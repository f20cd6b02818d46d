using System.Diagnostics;
using System.Globalization;

namespace Telemetry.Load;

/// <summary>One run: all connections on one thread, bursts in turn, until every message is acknowledged.</summary>
internal static class LoadRun
{
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);

    public static LoadResult Run(LoadOptions options)
    {
        Sender[] senders = [.. Enumerable.Range(0, options.Connections).Select(i => new Sender(options, i))];
        var latencies = new List<double>((int)Math.Min(options.Messages, 4_000_000));
        double serverBefore = CpuSecondsOf(options.Pid);
        using var self = Process.GetCurrentProcess();
        double senderBefore = self.TotalProcessorTime.TotalSeconds;
        long started = Stopwatch.GetTimestamp();
        Pump(options, senders, latencies, started);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double serverCpu = CpuSecondsOf(options.Pid) - serverBefore;
        self.Refresh();
        double senderCpu = self.TotalProcessorTime.TotalSeconds - senderBefore;
        foreach (Sender sender in senders)
        {
            sender.Dispose();
        }

        latencies.Sort();
        return new LoadResult(options.Messages, seconds, senderCpu, serverCpu, [.. latencies]);
    }

    private static void Pump(LoadOptions options, Sender[] senders, List<double> latencies, long started)
    {
        long sent = 0;
        long acknowledged = 0;
        long lastProgress = Stopwatch.GetTimestamp();
        while (acknowledged < options.Messages)
        {
            long allowed = options.Rate == 0
                ? options.Messages
                : Math.Min(options.Messages, (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * options.Rate));
            long before = sent + acknowledged;
            acknowledged = 0;
            foreach (Sender sender in senders)
            {
                // A fair share each, so that a rate is spread over the connections as a mine's would be.
                long share = options.Rate == 0 ? allowed - sent : Math.Min(allowed - sent, 1);
                sent += share > 0 ? sender.SendBurst(share) : 0;
                sender.Receive(latencies);
                acknowledged += sender.Acknowledged;
            }

            if (sent + acknowledged != before)
            {
                lastProgress = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(lastProgress) > StallMax)
            {
                throw new TimeoutException(
                    $"no progress for {StallMax.TotalSeconds} s: {sent} sent, {acknowledged} acknowledged");
            }
            else
            {
                Thread.Sleep(0);
            }
        }
    }

    /// <summary>
    /// User and system time of a process from /proc, in seconds (proc(5): fields 14 and 15, in ticks of 10 ms).
    /// </summary>
    internal static double CpuSecondsOf(int pid)
    {
        if (pid == 0)
        {
            return double.NaN;
        }

        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long user = long.Parse(fields[11], CultureInfo.InvariantCulture);
        long system = long.Parse(fields[12], CultureInfo.InvariantCulture);
        return (user + system) / 100.0;
    }
}
