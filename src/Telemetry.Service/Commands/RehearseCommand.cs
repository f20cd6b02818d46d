using System.CommandLine;
using Telemetry.Model;
using Telemetry.Rehearsal;
using Telemetry.Site;
using Telemetry.Store;
using Telemetry.Store.Export;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry detect rehearse</c>: what a site file would have told, had it been in force over stored history.
/// </summary>
internal static class RehearseCommand
{
    public static Command Create()
    {
        var settings = new ServeOptions("the built-in site is rehearsed");
        var file = Text("--file", "This store's file, a backup for instance, in place of the data directory's");
        var from = Text("--from", "First arrival, of --settled first time, such as 2026-01-31T08:00:00Z");
        var to = Text("--to", "End, not included");
        var labels = Text("--labels", "What was wrong, as simulate --labels writes it, to hold findings against");
        var target = Text("--out", "File that every finding is written to, as comma-separated values");
        var zone = Text("--zone", "Whose days are counted (UTC); times above without an offset are of this zone");
        var settled = new Option<bool>("--settled")
        {
            Description = "By the samples' times, as if each had come at once; lists what was learned late",
        };
        (from.Required, to.Required) = (true, true);
        var command = new Command("rehearse", "Run a site's alarm rules over stored history, before they are in force")
        {
            file, from, to, settled, labels, target, zone,
        };
        settings.AddSiteTo(command);
        command.SetAction(arguments =>
        {
            if (settings.Read(arguments, DefaultSite.Source) is not { } valid)
            {
                return ExitCode.BadSettings;
            }

            return DetectCommand.Try(() =>
            {
                TimeZoneInfo place = ZoneOf(arguments.GetValue(zone));
                var options = new RehearsalOptions
                {
                    From = TimeOf(from.Name, arguments.GetValue(from)!, place),
                    To = TimeOf(to.Name, arguments.GetValue(to)!, place),
                    LateAfter = TimeSpan.FromSeconds(valid.Options.Detection.LateAfterSeconds),
                    Zone = place,
                };
                string path = arguments.GetValue(file)
                    ?? DataDirectory.StoreFileOf(Path.GetFullPath(valid.Options.DataDirectory));
                IReadOnlyList<FailureLabel>? known = LabelsOf(arguments.GetValue(labels));
                Run(path, valid.Site, options, arguments.GetValue(settled), known, arguments.GetValue(target));
            });
        });
        return command;
    }

    private static void Run(
        string path,
        SiteCatalogue site,
        RehearsalOptions options,
        bool isSettled,
        IReadOnlyList<FailureLabel>? labels,
        string? target)
    {
        using StoreHistory history = StoreHistory.Open(path);
        using StreamWriter? written = target is null ? null : File.CreateText(NotOver(path, target));
        // Both passes see the store of one moment: what came between them would seem to be learned late.
        ConditionSpans? live = isSettled ? new HistoryRehearsal(history, site, options).Run().Spans : null;
        RehearsalOptions order =
            isSettled ? options with { SettleHorizon = RehearsalOptions.SettleHorizonDefault } : options;
        RehearsalReport report = new HistoryRehearsal(history, site, order, labels, written).Run();
        RehearsalTables.Print(report, options.Zone, labels is not null);
        if (live is not null)
        {
            RehearsalTables.PrintLearnedLate(ConditionSpans.LearnedLate(report.Spans, live), options.Zone);
        }

        if (history.DamagedCount > 0)
        {
            Console.WriteLine(
                $"{history.DamagedCount} chunks are damaged and were left out; telemetry store verify names them");
        }
    }

    private static string NotOver(string path, string target) =>
        Path.GetFullPath(path) != Path.GetFullPath(target) ? target : throw new RehearsalException(
            $"cannot write {target}: it is the store that is read; give another file");

    private static IReadOnlyList<FailureLabel>? LabelsOf(string? file)
    {
        if (file is null)
        {
            return null;
        }

        using StreamReader source = File.OpenText(file);
        return LabelFile.Read(source, file);
    }

    private static TimeZoneInfo ZoneOf(string? name) =>
        name is null ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone
        : throw new RehearsalException($"there is no time zone '{name}'; give one such as Asia/Ulaanbaatar");

    private static long TimeOf(string option, string text, TimeZoneInfo zone) =>
        ExportTime.TryParse(text, zone, out long time) ? time : throw new RehearsalException(
            $"{option}: expected a time such as 2026-01-31 or 2026-01-31T08:00:00Z, found '{text}'; nothing was run");

    private static Option<string> Text(string name, string description) => new(name) { Description = description };
}
