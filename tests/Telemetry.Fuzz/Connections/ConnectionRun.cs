using System.Diagnostics;

namespace Telemetry.Fuzz;

/// <summary>Runs batches of scripts until all are run, time is over, or something is found.</summary>
internal sealed class ConnectionRun(FuzzOptions options, TextWriter output)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _nextReport = ReportEvery;
    private long _done;

    public long Scripts => _done;

    /// <summary>Runs as the command line asks; 1 when something was found.</summary>
    public static async Task<int> RunAsync(FuzzOptions options) =>
        await new ConnectionRun(options, Console.Out).RunAllAsync() ? 0 : 1;

    /// <summary>False when something was found, which the output then says.</summary>
    public async Task<bool> RunAllAsync()
    {
        using var fuzz = new ConnectionFuzz(options.Seed);
        UnhandledExceptionEventHandler onCrash = (_, crash) => Tell(null, $"the process ends: {crash.ExceptionObject}");
        AppDomain.CurrentDomain.UnhandledException += onCrash;
        string? complaint = await fuzz.StartAsync();
        while (complaint is null && _done < options.Count && _clock.Elapsed < options.Duration)
        {
            (complaint, int count) = await fuzz.RunBatchAsync(options.First + _done, options.Count - _done);
            _done += count;
            if (_clock.Elapsed >= _nextReport)
            {
                _nextReport += ReportEvery;
                Report();
            }
        }

        if (complaint is not null)
        {
            Tell(fuzz.Culprit, complaint);
        }

        AppDomain.CurrentDomain.UnhandledException -= onCrash;
        Report();
        WriteMetrics(fuzz.Metrics);
        return complaint is null;
    }

    private void Tell(Script? culprit, string complaint)
    {
        output.WriteLine($"FOUND: {complaint}");
        long first = culprit?.Index ?? Math.Max(options.First, options.First + _done - 64);
        if (culprit is not null)
        {
            output.WriteLine($"  script {culprit.Index}:");
            output.Write(culprit);
        }

        output.WriteLine($"  again: connections --seed {options.Seed} --first {first} --scripts 64");
        output.WriteLine($"  and with all before it: --first {options.First} --scripts {_done}");
    }

    private void Report()
    {
        double seconds = _clock.Elapsed.TotalSeconds;
        output.WriteLine($"{_done:N0} scripts in {seconds:F0} s, {_done / seconds:N0}/s");
    }

    private void WriteMetrics(Mqtt.Pipelines.MqttMetrics metrics)
    {
        output.WriteLine($"  accepted {metrics.ConnectionsAccepted:N0}, truncated {metrics.ConnectionsTruncated:N0}, "
            + $"taken over {metrics.TakeOvers:N0}, delivered {metrics.MessagesDelivered:N0}, "
            + $"dropped {metrics.MessagesDropped:N0}, overflowed {metrics.SubscribersOverflowed:N0}");
        output.WriteLine($"  wills {metrics.WillsPublished:N0}, stalls {metrics.IntakeStalls:N0}, "
            + $"refused by the intake {metrics.IntakeRefusals:N0}, duplicates {metrics.Duplicates:N0}, "
            + $"sessions expired {metrics.SessionsExpired:N0}");
    }
}
