using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Telemetry.Load;

/// <summary>
/// What connections cost that say nothing: memory of a server before and with them, then its CPU time while a fifth of
/// them publish once a second. The service and mosquitto in turn.
/// </summary>
internal static class IdleRun
{
    private const int PublishersPerHundred = 20;
    private const int ConnectionsPerAddress = 20_000; // below the ephemeral ports of one loopback address
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15); // buffers of the rush go back by then

    public static async Task<int> RunAsync(string telemetry, int connections, int seconds)
    {
        string folder = Directory.CreateTempSubdirectory("telemetry-idle").FullName;
        int most = connections + 1;
        using (ServerProcess service = await ServerProcess.StartTelemetryAsync(
            telemetry, $"{folder}/data", $"--set Mqtt:ConnectionsMax={most} --set Mqtt:SessionsMax={most}"))
        {
            await MeasureAsync("telemetry", service, connections, seconds);
        }

        using (ServerProcess broker = await ServerProcess.StartMosquittoAsync("max_connections -1\n"))
        {
            await MeasureAsync("mosquitto", broker, connections, seconds);
        }

        return 0;
    }

    private static async Task MeasureAsync(string name, ServerProcess server, int connections, int seconds)
    {
        // What a server needs for its first clients at all is no matter of how many there are.
        var clients = Connect(server.Port, "warm", 100);
        Publish(clients, clients.Count, seconds: 5);
        Close(clients);
        await Task.Delay(Settling);
        ResidentMemory before = ResidentMemory.Of(server.Pid);
        long started = Stopwatch.GetTimestamp();
        double cpuBefore = ServerCost.CpuSecondsOf(server.Pid);
        clients = Connect(server.Port, "idle", connections / 2);
        await Task.Delay(Settling);
        ResidentMemory half = ResidentMemory.Of(server.Pid);
        clients.AddRange(Connect(server.Port, "more", connections - clients.Count));
        double connectSeconds = (Stopwatch.GetElapsedTime(started) - Settling).TotalSeconds;
        double connectCpu = ServerCost.CpuSecondsOf(server.Pid) - cpuBefore;
        await Task.Delay(Settling);
        ResidentMemory with = ResidentMemory.Of(server.Pid);
        Print($"{name}: {connections:N0} connected in {connectSeconds:F1} s, {connectCpu:F2} CPU-s of the server");
        PrintMemory(name, "RSS", connections, before.Rss, half.Rss, with.Rss);
        PrintMemory(name, "PSS", connections, before.Pss, half.Pss, with.Pss);

        cpuBefore = ServerCost.CpuSecondsOf(server.Pid);
        Publish(clients, 0, seconds);
        Print($"{name}: all idle for {seconds} s: {ServerCost.CpuSecondsOf(server.Pid) - cpuBefore:F2} CPU-s");

        cpuBefore = ServerCost.CpuSecondsOf(server.Pid);
        int publishers = connections * PublishersPerHundred / 100;
        (long sent, double slowest) = Publish(clients, publishers, seconds);
        double cpu = ServerCost.CpuSecondsOf(server.Pid) - cpuBefore;
        ResidentMemory after = ResidentMemory.Of(server.Pid);
        Print($"{name}: {publishers:N0} publish once a second for {seconds} s: {sent:N0} messages acknowledged");
        Print($"{name}: the slowest round after {slowest:F2} s; {cpu:F2} CPU-s, RSS {after.Rss:N0} bytes");
        Close(clients);
    }

    private static List<IdleClient> Connect(int port, string name, int count)
    {
        var clients = new List<IdleClient>(count);
        var server = new IPEndPoint(IPAddress.Loopback, port);
        for (int i = 0; i < count; i++)
        {
            // Each loopback address has ephemeral ports of its own.
            var from = new IPEndPoint(new IPAddress([127, 0, 0, (byte)(1 + (i / ConnectionsPerAddress))]), 0);
            clients.Add(new IdleClient(from, server, $"{name}-{i}"));
        }

        return clients;
    }

    /// <summary>Rounds of a second: the first ones publish, each other one pings when its time has come.</summary>
    private static (long Sent, double SlowestSeconds) Publish(List<IdleClient> clients, int publishers, int seconds)
    {
        const int PingsEvery = IdleClient.KeepAliveSeconds / 2;
        byte[] buffer = new byte[64];
        double slowest = 0;
        long started = Stopwatch.GetTimestamp();
        for (int second = 0; second < seconds; second++)
        {
            long round = Stopwatch.GetTimestamp();
            for (int i = 0; i < clients.Count; i++)
            {
                if (i < publishers)
                {
                    clients[i].Publish();
                }
                else if (i % PingsEvery == second % PingsEvery)
                {
                    clients[i].Ping();
                }
            }

            AwaitAnswers(clients, buffer);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(round).TotalSeconds);
            double early = second + 1 - Stopwatch.GetElapsedTime(started).TotalSeconds;
            Thread.Sleep(TimeSpan.FromSeconds(Math.Max(0, early)));
        }

        return ((long)publishers * seconds, slowest);
    }

    private static void AwaitAnswers(List<IdleClient> clients, byte[] buffer)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (IdleClient client in clients)
        {
            client.Receive(buffer);
            while (!client.IsAnswered)
            {
                if (Stopwatch.GetElapsedTime(started).TotalSeconds > 30)
                {
                    throw new TimeoutException("cannot go on: a client has had no answer for 30 s");
                }

                Thread.Sleep(1);
                client.Receive(buffer);
            }
        }
    }

    private static void Close(List<IdleClient> clients)
    {
        foreach (IdleClient client in clients)
        {
            client.Dispose();
        }
    }

    /// <summary>The second half apart: what a collector keeps in reserve has come with the first.</summary>
    private static void PrintMemory(string name, string kind, int connections, long before, long half, long with)
    {
        long first = connections / 2;
        Print($"{name}: {kind} {before:N0}, half of them {half:N0}, all {with:N0} bytes");
        long ofSecond = (with - half) / (connections - first);
        Print($"{name}: {kind} each {(with - before) / connections:N0}, of the second half {ofSecond:N0} bytes");
    }

    private static void Print(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Bytes of a process in memory, from /proc/PID/smaps_rollup; PSS counts shared pages by share.</summary>
    private readonly record struct ResidentMemory(long Rss, long Pss)
    {
        public static ResidentMemory Of(int pid)
        {
            string[] lines = File.ReadAllLines($"/proc/{pid}/smaps_rollup");
            return new ResidentMemory(Bytes(lines, "Rss:"), Bytes(lines, "Pss:"));
        }

        private static long Bytes(string[] lines, string name)
        {
            string line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries); // Rss:   123 kB
            return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
        }
    }
}
