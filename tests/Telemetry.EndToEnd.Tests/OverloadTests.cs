using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// More than disk and store can take: gateways flat out on a disk whose syncs take 30 ms. Acknowledgements come later
/// and memory stays where it is.
/// </summary>
public sealed class OverloadTests(ITestOutputHelper output) : ServiceTests
{
    private const int Connections = 50;
    private const int RoundMessages = 12_500; // a burst of each connection
    private const int SecondsDefault = 8;
    private const int SecondsNightly = 600;
    private const int WarmUpRounds = 20;
    private const double MebibytesMax = 400; // runtime and caches, blocks of 50 connections, append buffers, heads
    private const double GrowthMax = 1.5; // heads of the series fill up in the first minutes

    private protected override string[] Arguments =>
        ["--set", "Spool:RehearseSyncMilliseconds=30", "--set", "Logging:LogLevel:Default=Warning"];

    [Fact]
    public async Task Memory_stays_bounded_while_more_comes_than_a_slow_disk_takes()
    {
        int seconds = Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1" ? SecondsNightly : SecondsDefault;
        using var senders = new LineSenders(Service.MqttPort, Connections);
        long sent = Send(senders, WarmUpRounds);
        double before = ResidentMebibytes();
        double most = before;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            sent += Send(senders, rounds: 1);
            most = Math.Max(most, ResidentMebibytes());
        }

        output.WriteLine($"{sent} messages; {before:F0} MiB, at most {most:F0} MiB");
        Assert.InRange(most, 1, MebibytesMax);
        Assert.InRange(most / before, 0, GrowthMax);
        await Service.ExpectAsync($"SELECT count(t) FROM {LineSenders.Measurement}", sent);
    }

    private static long Send(LineSenders senders, int rounds)
    {
        senders.Send((long)rounds * RoundMessages);
        return (long)rounds * RoundMessages;
    }

    private double ResidentMebibytes()
    {
        string line = File.ReadLines($"/proc/{Service.ProcessId}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024;
    }
}
