using System.Globalization;

namespace Telemetry.Load;

/// <summary>What a load run measured.</summary>
/// <param name="Messages">Messages sent, all acknowledged when QoS is 1.</param>
/// <param name="Seconds">From the first message to the last acknowledgement.</param>
/// <param name="SenderCpuSeconds">User and system time of this process.</param>
/// <param name="ServerCpuSeconds">User and system time of the measured process; NaN when none.</param>
/// <param name="LatenciesMilliseconds">Send → acknowledgement of each burst's last message, sorted.</param>
public sealed record LoadResult(
    long Messages, double Seconds, double SenderCpuSeconds, double ServerCpuSeconds, double[] LatenciesMilliseconds)
{
    public double Rate => Messages / Seconds;

    public double ServerCpuPerMillion => ServerCpuSeconds / Messages * 1e6;

    public double Percentile(double share) =>
        LatenciesMilliseconds.Length == 0
            ? double.NaN
            : LatenciesMilliseconds[(int)Math.Min(
                LatenciesMilliseconds.Length - 1, share * LatenciesMilliseconds.Length)];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Messages:N0} messages in {Seconds:F2} s = {Rate:N0}/s; ack ms p50 {Percentile(0.5):F2} "
        + $"p99 {Percentile(0.99):F2} max {Percentile(1):F2}; CPU-s per million: server {ServerCpuPerMillion:F2}, "
        + $"sender {SenderCpuSeconds / Messages * 1e6:F2}");
}
