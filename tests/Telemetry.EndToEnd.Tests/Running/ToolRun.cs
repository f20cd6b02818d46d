using System.Diagnostics;
using System.Text;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A program the tests start, with what it printed; it never outlives the test.</summary>
internal sealed class ToolRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _name;

    private ToolRun(Process process, string name)
    {
        _process = process;
        _name = name;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Both streams so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public int ProcessId => _process.Id;

    /// <summary>Starts a program; a missing one fails the test with its name.</summary>
    public static ToolRun Start(string program, string[] arguments, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        try
        {
            return new ToolRun(Process.Start(start)!, Path.GetFileName(program));
        }
        catch (System.ComponentModel.Win32Exception cause)
        {
            throw new InvalidOperationException($"the tests need '{program}', install it (./test.sh): {cause.Message}");
        }
    }

    /// <summary>Runs a program to its end and gives what it printed; fails when its exit code is not 0.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using ToolRun run = Start(program, arguments);
        int exitCode = await run.WaitAsync();
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {exitCode}: {run.Output}");
        return run.Output;
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        using var deadline = new CancellationTokenSource(Until.Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} has not ended: {Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until the output holds a text.</summary>
    public Task<string> WaitForAsync(string text) => Until.Async(
        $"{_name} prints '{text}'",
        () => Task.FromResult(Output),
        output => output.Contains(text, StringComparison.Ordinal));

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM.</summary>
    public Task TerminateAsync() => RunAsync("/bin/kill", "-TERM", $"{_process.Id}");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
