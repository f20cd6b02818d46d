using System.Diagnostics;

namespace Telemetry.Fuzz;

/// <summary>
/// Shares inputs out to workers, tells how far it is, and prints what is wrong so that it can be repeated.
/// </summary>
internal sealed class FramerRun(FuzzOptions options, TextWriter output)
{
    private const long ShareInputs = 20_000;
    private const int FindingsMax = 20; // the first tell enough
    private const int HexBytesMax = 4_096; // of an input; the seed and the number make the whole one
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly FramerCounts _counts = new();
    private TimeSpan _nextReport = ReportEvery;
    private long _taken;

    /// <summary>How many inputs were wrong.</summary>
    public int Findings { get; private set; }

    public long Inputs => _counts.Inputs;

    /// <summary>Runs as the command line asks; 1 when something was found.</summary>
    public static int Run(FuzzOptions options)
    {
        var run = new FramerRun(options, Console.Out);
        run.RunAll();
        run._counts.WriteTo(Console.Out);
        return run.Findings == 0 ? 0 : 1;
    }

    public void RunAll()
    {
        var workers = new Thread[options.Workers];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { Name = $"fuzz {i}" };
            workers[i].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        Report();
    }

    private void Work()
    {
        using var fuzz = new FramerFuzz(options.Seed);
        while (TryTake(out long from, out long to))
        {
            for (long index = from; index < to; index++)
            {
                string? wrong = fuzz.Run(index);
                if (wrong is not null)
                {
                    Tell(fuzz, index, wrong);
                }
            }

            Note(to - from);
        }

        lock (_gate)
        {
            long inputs = _counts.Inputs;
            _counts.Add(fuzz.Counts);
            _counts.Inputs = inputs; // they were counted share by share
        }
    }

    private bool TryTake(out long from, out long to)
    {
        lock (_gate)
        {
            from = options.First + _taken;
            long share = Math.Min(ShareInputs, options.Count - _taken);
            to = from + share;
            bool isOver = share <= 0 || _clock.Elapsed > options.Duration || Findings >= FindingsMax;
            _taken += isOver ? 0 : share;
            return !isOver;
        }
    }

    private void Tell(FramerFuzz fuzz, long index, string wrong)
    {
        lock (_gate)
        {
            Findings++;
            ReadOnlySpan<byte> input = fuzz.LastInput;
            output.WriteLine($"FOUND: {wrong}");
            output.WriteLine($"  {fuzz.LastTerms}, {input.Length} bytes:");
            output.WriteLine($"  {Convert.ToHexString(input[..Math.Min(input.Length, HexBytesMax)])}");
            output.WriteLine($"  again: framer --seed {options.Seed} --first {index} --inputs 1 --workers 1");
        }
    }

    private void Note(long inputs)
    {
        lock (_gate)
        {
            _counts.Inputs += inputs;
            if (_clock.Elapsed >= _nextReport)
            {
                _nextReport += ReportEvery;
                Report();
            }
        }
    }

    private void Report()
    {
        double seconds = _clock.Elapsed.TotalSeconds;
        output.WriteLine(
            $"{_counts.Inputs:N0} inputs in {seconds:F0} s, {_counts.Inputs / seconds:N0}/s, {Findings} found");
    }
}
