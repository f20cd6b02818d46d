using System.Globalization;
using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Rehearsal;

namespace Telemetry.Service;

/// <summary>The report of a rehearsal for people at a terminal.</summary>
internal static class RehearsalTables
{
    private const int LoudestCount = 10;

    public static void Print(RehearsalReport report, TimeZoneInfo zone, bool hasLabels)
    {
        PrintSpan(report, zone);
        PrintRates(report);
        PrintKinds(report);
        PrintLoudest(report);
        if (hasLabels)
        {
            PrintModes(report);
        }
    }

    /// <summary>What a settled pass found that nobody could be told in time.</summary>
    public static void PrintLearnedLate(IReadOnlyList<ConditionSpan> learnedLate, TimeZoneInfo zone)
    {
        Console.WriteLine();
        Console.WriteLine($"{learnedLate.Count} conditions were learned late: their data came behind a gap");
        if (learnedLate.Count > 0)
        {
            TextTable.Print(
                ["learned late", "kind", "began", "ended"],
                learnedLate.Select(span => new[]
                {
                    span.Signal,
                    AlarmIdentity.Suffix(span.Kind),
                    Local(span.Began, zone),
                    span.Ended == long.MaxValue ? "" : Local(span.Ended, zone),
                }));
        }
    }

    private static void PrintSpan(RehearsalReport report, TimeZoneInfo zone)
    {
        Console.WriteLine($"{Local(report.First, zone)} to {Local(report.Last, zone)} ({zone.Id}): "
            + $"{Tenths(report.Days)} days, {report.SignalCount} signals, {report.SampleCount} samples, "
            + $"{report.LateCount} of them late");
        if (report.OutageCount > 0)
        {
            Console.WriteLine($"{report.OutageCount} times nothing came for longer than "
                + $"{HistoryRehearsal.OutageMin.TotalMinutes:0} min, {Tenths(report.OutageTime.TotalHours)} h in all: "
                + "silences do not count there");
        }

        if (report.AheadCount > 0)
        {
            Console.WriteLine($"{report.AheadCount} samples were seen too late: their clock was more than 5 min ahead");
        }

        if (report.UnsettledCount > 0)
        {
            Console.WriteLine($"{report.UnsettledCount} samples were under way for longer than "
                + $"{RehearsalOptions.SettleHorizonDefault.TotalHours:0} h and were left out");
        }

        if (report.LeftOutCount > 0)
        {
            Console.WriteLine($"{report.LeftOutCount} late samples were left out: more than "
                + $"{RehearsalLimits.HeldSamplesMax} were to be held; late-data alarms may be missing");
        }

        if (report.Alarms.RefusedCount > 0)
        {
            Console.WriteLine($"{report.Alarms.RefusedCount} findings are on no alarm: the board is full");
        }
    }

    private static void PrintRates(RehearsalReport report)
    {
        AlarmTally alarms = report.Alarms;
        Console.WriteLine();
        TextTable.Print(
            ["", "in all", "per day", "worst day"],
            [RateOf("alarms", alarms.Alarms, report), RateOf("findings", alarms.Findings, report)]);
        Console.WriteLine();
        string notices = report.NoticesPerSeriesDay.ToString("0.####", CultureInfo.InvariantCulture);
        TextTable.Print(
            ["measure", "count"],
            [
                [$"chattering alarms ({AlarmTally.ChatterCount} in a minute)", Text(alarms.ChatteringCount)],
                [$"floods (more than {AlarmTally.FloodCount} alarms in 10 min)", Text(alarms.FloodsBegun)],
                [$"stale (present for more than {AlarmTally.StaleAfter.TotalHours:0} h)", Text(alarms.StaleCount)],
                ["notices", Text(alarms.NoticeCount)],
                ["notices per signal and day", notices],
            ]);
    }

    private static void PrintKinds(RehearsalReport report)
    {
        Console.WriteLine();
        TextTable.Print(
            ["kind", "class", "findings", "alarms"],
            report.Alarms.Kinds.Select(kind => new[]
            {
                AlarmIdentity.Suffix(kind.Kind),
                FindingClassText.Of(kind.Class),
                Text(kind.Findings),
                Text(kind.Alarms),
            }));
    }

    private static void PrintLoudest(RehearsalReport report)
    {
        Console.WriteLine();
        TextTable.Print(
            ["signal", "alarms", "per day"],
            report.Alarms.Loudest(LoudestCount).Select(signal => new[]
            {
                signal.Signal, Text(signal.Alarms), PerDay(signal.Alarms, report),
            }));
    }

    private static void PrintModes(RehearsalReport report)
    {
        Console.WriteLine();
        TextTable.Print(
            ["failure", "labels", "found", "missed", "median delay", "class right"],
            report.Modes.Select(mode => new[]
            {
                mode.Mode,
                Text(mode.Labels),
                Text(mode.Found),
                Text(mode.Missed),
                mode.Found == 0 ? "" : mode.MedianDelay.ToString("d\\.hh\\:mm\\:ss", CultureInfo.InvariantCulture),
                Text(mode.ClassRight),
            }));
        Console.WriteLine($"{report.BesideLabels} findings on assets that no label says anything about");
    }

    private static string[] RateOf(string name, DailyCount count, RehearsalReport report) =>
    [
        name,
        Text(count.Total),
        PerDay(count.Total, report),
        count.Total == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{count.Worst.Day:yyyy-MM-dd}: {count.Worst.Count}"),
    ];

    private static string PerDay(int count, RehearsalReport report) =>
        (count / report.Days).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Local(long time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(Timestamp.ToDateTimeOffset(time), zone)
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
