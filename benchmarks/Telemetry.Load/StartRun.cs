using System.Globalization;

namespace Telemetry.Load;

/// <summary>How long a service needs until it takes a connection: on nothing, and on a spool after kill -9.</summary>
internal static class StartRun
{
    private const long Messages = 4_000_000;

    /// <summary>What was measured.</summary>
    public readonly record struct StartTimes(double EmptySeconds, double RecoverySeconds, double SpoolBytes)
    {
        /// <summary>Bytes of spool per second that the second start took longer than the first.</summary>
        public double RecoveryBytesPerSecond => SpoolBytes / Math.Max(0.001, RecoverySeconds - EmptySeconds);
    }

    public static async Task<int> PrintAsync(string telemetry)
    {
        StartTimes times = await MeasureAsync(telemetry, 100);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"takes connections after {times.EmptySeconds:F2} s on nothing, {times.RecoverySeconds:F2} s on "
            + $"{times.SpoolBytes:N0} bytes of spool after kill -9: {times.RecoveryBytesPerSecond / 1e6:N0} MB/s"));
        return 0;
    }

    public static async Task<StartTimes> MeasureAsync(string telemetry, int percent)
    {
        string data = $"{Directory.CreateTempSubdirectory("telemetry-start").FullName}/data";
        using ServerProcess service = await ServerProcess.StartTelemetryAsync(telemetry, data, "");
        double empty = await service.RestartAsync(telemetry, data);
        // InfluxDB is away, so that the spool keeps everything.
        await service.RestartAsync(telemetry, data, "--set Influx:Url=http://127.0.0.1:9");
        LoadOptions load = new() { Port = service.Port, HttpPort = service.HttpPort, Pid = service.Pid };
        await LoadRun.RunAsync(load with { Messages = Messages * percent / 100 });
        double bytes = Directory.EnumerateFiles($"{data}/spool", "*.seg").Sum(path => new FileInfo(path).Length);
        double recovery = await service.RestartAsync(telemetry, data);
        return new StartTimes(empty, recovery, bytes);
    }
}
