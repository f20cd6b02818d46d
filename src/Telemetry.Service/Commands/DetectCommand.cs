using System.CommandLine;
using Telemetry.Rehearsal;
using Telemetry.Site;
using Telemetry.Store;

namespace Telemetry.Service;

/// <summary><c>telemetry detect</c>: the service's detectors on data that is there already.</summary>
internal static class DetectCommand
{
    public static Command Create()
    {
        var command = new Command("detect", "Run the detectors over files or stored history, and score what they find");
        command.Subcommands.Add(CreateRun());
        command.Subcommands.Add(CreateScore());
        command.Subcommands.Add(RehearseCommand.Create());
        return command;
    }

    /// <summary>Tells a failure that a person can do something about in one line.</summary>
    internal static int Try(Action action)
    {
        try
        {
            action();
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is RehearsalException or StoreException or IOException
            or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }
    }

    private static Command CreateRun()
    {
        var file = new Option<string>("--csv") { Description = "The file to read, with a header", Required = true };
        var delimiter = new Option<string>("--delimiter")
        {
            Description = "What stands between two cells: , ; | : or tab",
            DefaultValueFactory = _ => ",",
        };
        var time = new Option<string>("--time") { Description = "Column with the time", Required = true };
        var values = new Option<string>("--values")
        {
            Description = "Columns to watch, separated by commas",
            Required = true,
        };
        var warmUp = new Option<int>("--warmup")
        {
            Description = "Rows at the start that are only learnt from",
            DefaultValueFactory = _ => CsvRunOptions.WarmUpDefault,
        };
        var context = new Option<string>("--context")
        {
            Description = "Columns that each watched one is held against, such as air temperature and load",
        };
        var tier = new Option<int>("--tier")
        {
            Description = "1: each column for itself; 2: together, as signals of one asset",
            DefaultValueFactory = _ => 1,
        };
        var target = new Option<string>("--out") { Description = "The file to write", Required = true };
        var command = new Command("run", "Read a CSV file as if it streamed; write its rows with what was detected")
        {
            file, delimiter, time, values, warmUp, context, tier, target,
        };
        command.SetAction(arguments => Try(() =>
        {
            var options = new CsvRunOptions
            {
                Delimiter = DelimiterOf(arguments.GetValue(delimiter)!),
                Time = arguments.GetValue(time)!,
                Values = Names(arguments.GetValue(values)),
                WarmUpRows = arguments.GetValue(warmUp),
                Context = Names(arguments.GetValue(context)),
                Tier = arguments.GetValue(tier),
            };
            Run(arguments.GetValue(file)!, arguments.GetValue(target)!, options);
        }));
        return command;
    }

    private static Command CreateScore()
    {
        var directory = new Option<string>("--data")
        {
            Description = "Folder with nab, skab or batadal in it, in the layout of those benchmarks",
        };
        var days = new Option<int>("--days")
        {
            Description = "On the simulated mine instead: this many days, a sample a minute",
        };
        var seeds = new Option<int>("--seeds")
        {
            Description = "So many such mines",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command("score", "Score the detectors on labelled data sets, or on simulated mines")
        {
            directory, days, seeds,
        };
        command.SetAction(arguments => Try(() => TextTable.Print(
            ["set", "measure", "figure", "remark"],
            Score(arguments.GetValue(directory), arguments.GetValue(days), arguments.GetValue(seeds)).Select(line =>
                new[] { line.Set, line.Measure, line.Figure, line.Remark }))));
        return command;
    }

    private static IReadOnlyList<ScoreLine> Score(string? directory, int days, int seeds) => (directory, days) switch
    {
        (not null, 0) => DevelopmentSets.Score(directory),
        (null, > 0) => MineScore.Of(DefaultSite.Load(), days, seeds),
        _ => throw new RehearsalException("cannot score: give a folder with --data, or days of simulation with --days"),
    };

    private static void Run(string file, string target, CsvRunOptions options)
    {
        if (Path.GetFullPath(file) == Path.GetFullPath(target))
        {
            throw new RehearsalException($"cannot write {target}: it is the file that is read; give another one");
        }

        using StreamReader source = File.OpenText(file);
        CsvRunReport report;
        using (StreamWriter written = File.CreateText(target))
        {
            report = CsvRun.Run(source, written, options);
        }

        Console.WriteLine($"{target}: {report.Rows} rows, {report.ToldRows} of them told");
        if (report.PassedCells > 0)
        {
            string first = $"the first in line {report.FirstPassed}";
            Console.WriteLine($"{report.PassedCells} cells are no numbers and were passed over, {first}");
        }
    }

    private static char DelimiterOf(string text) => text switch
    {
        "tab" or "\\t" => '\t',
        { Length: 1 } => text[0],
        _ => throw new RehearsalException($"cannot split at \"{text}\"; give one character with --delimiter, or tab"),
    };

    private static string[] Names(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
