using System.Diagnostics;
using System.Globalization;

namespace Telemetry.Load;

/// <summary>Counts the system calls of a process with <c>perf</c>, where it is there and allowed.</summary>
internal sealed class SystemCalls : IDisposable
{
    private const string Event = "raw_syscalls:sys_enter";
    private readonly Process _perf;

    private SystemCalls(Process perf) => _perf = perf;

    /// <summary>Begins to count; null where it cannot.</summary>
    public static SystemCalls? TryCount(int pid)
    {
        try
        {
            Process perf = Process.Start(new ProcessStartInfo("perf", $"stat -x, -e {Event} -p {pid}")
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            return perf.WaitForExit(TimeSpan.FromMilliseconds(300)) ? null : new SystemCalls(perf);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no such program
        }
    }

    /// <summary>Stops counting; NaN when nothing was told.</summary>
    public async Task<double> StopAsync()
    {
        using Process interrupt = Process.Start("kill", $"-INT {_perf.Id}");
        string told = await _perf.StandardError.ReadToEndAsync();
        await _perf.WaitForExitAsync();
        string line = told.Split('\n').FirstOrDefault(line => line.Contains(Event, StringComparison.Ordinal)) ?? "";
        bool isTold = double.TryParse(line.Split(',')[0], CultureInfo.InvariantCulture, out double count);
        return isTold ? count : double.NaN;
    }

    public void Dispose() => _perf.Dispose();
}
