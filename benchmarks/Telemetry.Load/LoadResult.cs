using System.Globalization;

namespace Telemetry.Load;

/// <summary>What a load run measured.</summary>
internal sealed record LoadResult
{
    /// <summary>Messages sent, all acknowledged when QoS is 1.</summary>
    public required long Messages { get; init; }

    public required int PointsPerMessage { get; init; }

    public required int PayloadBytes { get; init; }

    /// <summary>From the first message to the last acknowledgement.</summary>
    public required double Seconds { get; init; }

    /// <summary>User and system time of this process.</summary>
    public required double SenderCpuSeconds { get; init; }

    /// <summary>Send → acknowledgement of each burst's last message in milliseconds, sorted.</summary>
    public required double[] Latencies { get; init; }

    /// <summary>What the server took from the first message on: to the last point stored, or acknowledgement.</summary>
    public required ServerCost Cost { get; init; }

    /// <summary>System calls of the server per message; NaN when they were not counted.</summary>
    public double CallsPerMessage { get; init; } = double.NaN;

    /// <summary>Whether every point sent was stored once, and told to the InfluxDB if there was one.</summary>
    public bool IsComplete { get; init; } = true;

    public double Rate => Messages / Seconds;

    public double PointRate => Rate * PointsPerMessage;

    public double CpuPerMillion => Cost.CpuSeconds / Messages * 1e6;

    public double CpuPerMillionPoints => CpuPerMillion / PointsPerMessage;

    public double SenderCpuPerMillion => SenderCpuSeconds / Messages * 1e6;

    public double AllocatedPerMessage => Cost.AllocatedBytes / Messages;

    public double SyncsPerSecond => Cost.Syncs / Seconds;

    public double WrittenPerPayloadByte => Cost.WrittenBytes / ((double)Messages * PayloadBytes);

    public double Percentile(double share) =>
        Latencies.Length == 0
            ? double.NaN
            : Latencies[(int)Math.Min(Latencies.Length - 1, share * Latencies.Length)];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Messages:N0} messages in {Seconds:F2} s = {Rate:N0}/s; ack ms p50 {Percentile(0.5):F2} "
        + $"p99 {Percentile(0.99):F2} max {Percentile(1):F2}; CPU-s per million: server {CpuPerMillion:F2}, "
        + $"sender {SenderCpuPerMillion:F2}; peak {Cost.PeakBytes / 1048576:F0} MiB")
        + Told(AllocatedPerMessage, "F1", "bytes allocated per message")
        + Told(Cost.FullCollections, "F0", "full collections")
        + Told(SyncsPerSecond, "N0", "syncs/s")
        + Told(WrittenPerPayloadByte, "F2", "bytes written per payload byte")
        + Told(CallsPerMessage, "F2", "system calls per message");

    /// <summary>A figure that this server tells; nothing of one that it does not.</summary>
    private static string Told(double figure, string format, string what) => double.IsNaN(figure)
        ? ""
        : $", {figure.ToString(format, CultureInfo.InvariantCulture)} {what}";
}
