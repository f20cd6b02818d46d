using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Judges a gateway by facts alone, and names what is wrong and the remedy; docs/commissioning.md has the thresholds.
/// </summary>
public static class CommissioningCheck
{
    /// <summary>Findings of one kind told by name, so that all fit on one sheet; the rest is counted.</summary>
    public const int NamedMax = 3;

    private const long MillisecondsPerSecond = 1_000;
    private const long RefusalSeconds = 24 * 3_600; // an older refusal tells nothing of the gateway as it is now
    private const long TopicSeconds = 3_600; // a wrong topic comes again, and one that was mended does not
    private const double HeardSecondsMin = 300;
    private const double HeardPeriods = 3;
    private const double DuplicateShareMax = 0.05;
    private const double MissingShareMax = 0.01;

    /// <summary>All findings, in the order of <see cref="CheckKind"/>.</summary>
    public static IReadOnlyList<CheckFinding> Judge(CommissioningFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return
        [
            Credentials(facts),
            Connection(facts),
            .. Topics(facts),
            .. Decoding(facts),
            .. SignalCheck.Names(facts),
            .. SignalCheck.Units(facts),
            .. ClockCheck.Judge(facts),
            .. SignalCheck.Gaps(facts),
            .. SignalCheck.Rates(facts),
            .. Ledger(facts),
            .. RadioCheck.Judge(facts),
        ];
    }

    /// <summary>The worst state; what is unknown is no fault.</summary>
    public static CheckState Worst(IEnumerable<CheckFinding> findings)
    {
        CheckState[] states =
        [
            .. findings.Select(finding => finding.State).Where(state => state != CheckState.Unknown),
        ];
        return states.Length == 0 ? CheckState.Unknown : states.Max();
    }

    /// <summary>A moment as people read it, in UTC.</summary>
    internal static string TimeOf(long nanoseconds) => Timestamp.ToDateTimeOffset(nanoseconds)
        .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A number as people read it.</summary>
    internal static string NumberOf(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A length of time in its own unit.</summary>
    internal static string SpanOf(double seconds) => Math.Abs(seconds) switch
    {
        >= 2 * 86_400 => $"{NumberOf(Math.Round(seconds / 86_400, 1))} d",
        >= 2 * 3_600 => $"{NumberOf(Math.Round(seconds / 3_600, 1))} h",
        >= 120 => $"{NumberOf(Math.Round(seconds / 60, 1))} min",
        _ => $"{NumberOf(Math.Round(seconds, 1))} s",
    };

    /// <summary>The first ones by name, and how many there are beyond them.</summary>
    internal static IEnumerable<CheckFinding> Shown(IReadOnlyList<CheckFinding> found)
    {
        IEnumerable<CheckFinding> named = found.OrderByDescending(finding => finding.State).Take(NamedMax);
        return found.Count <= NamedMax
            ? named
            : named.Append(new CheckFinding(
                found[0].Kind, found.Max(finding => finding.State), "more", CountOf(found.Count - NamedMax)));
    }

    private static long MillisecondsBefore(CommissioningFacts facts, long seconds) =>
        (facts.Now / Timestamp.NanosecondsPerMillisecond) - (seconds * MillisecondsPerSecond);

    private static string CountOf(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static CheckFinding Credentials(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Credentials;
        if (facts.Access is not { } access)
        {
            return new CheckFinding(kind, CheckState.Unknown, "access-unknown");
        }

        // Whoever got in later, or was heard later, has the right password now.
        long proven = Math.Max(facts.ConnectedSinceMilliseconds, facts.Counts?.LastSeenMilliseconds ?? 0);
        long since = Math.Max(proven, MillisecondsBefore(facts, RefusalSeconds));
        RefusalFacts? refusal = access.Refusals.FirstOrDefault(one => one.Topic.Length == 0);
        if (refusal is not null && refusal.LastMilliseconds > since)
        {
            bool isIn = facts.Address is not null && access is { IsKnown: true, IsRevoked: false };
            return new CheckFinding(
                kind,
                isIn ? CheckState.Yellow : CheckState.Red,
                $"refused-{refusal.Reason}",
                facts.Gateway,
                CountOf(refusal.Count),
                TimeOf(refusal.LastMilliseconds * Timestamp.NanosecondsPerMillisecond),
                refusal.Address);
        }

        bool isHeard = facts.Counts is { Messages: > 0 } || facts.Address is not null;
        return access switch
        {
            { IsRevoked: true } => new CheckFinding(kind, CheckState.Red, "identity-revoked", facts.Gateway),
            { IsKnown: true } => new CheckFinding(kind, CheckState.Green, "identity-good", facts.Gateway),
            _ when isHeard => new CheckFinding(kind, CheckState.Yellow, "anonymous", facts.Gateway),
            _ => new CheckFinding(kind, CheckState.Red, "identity-missing", facts.Gateway),
        };
    }

    private static CheckFinding Connection(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Connection;
        long seen = facts.Counts?.LastSeenMilliseconds ?? 0;
        string last = TimeOf(seen * Timestamp.NanosecondsPerMillisecond);
        if (facts.Address is { } address)
        {
            return seen > 0
                ? new CheckFinding(kind, CheckState.Green, "connected", address, last)
                : new CheckFinding(kind, CheckState.Red, "connected-mute", address);
        }

        if (seen == 0)
        {
            return new CheckFinding(kind, CheckState.Red, "never-heard");
        }

        double period = facts.Signals.Select(signal => signal.Signal.Definition.PeriodSeconds).DefaultIfEmpty(0).Max();
        double ago = ((double)facts.Now / Timestamp.NanosecondsPerSecond) - ((double)seen / MillisecondsPerSecond);
        return ago <= Math.Max(HeardSecondsMin, HeardPeriods * period)
            ? new CheckFinding(kind, CheckState.Yellow, "not-connected", last)
            : new CheckFinding(kind, CheckState.Red, "gone", last, SpanOf(ago));
    }

    private static List<CheckFinding> Topics(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Topic;
        var found = new List<CheckFinding>();
        long since = MillisecondsBefore(facts, TopicSeconds);
        if (facts.Access?.Refusals.FirstOrDefault(one => one.Topic.Length > 0) is { } denied
            && denied.LastMilliseconds >= since)
        {
            string time = TimeOf(denied.LastMilliseconds * Timestamp.NanosecondsPerMillisecond);
            found.Add(new CheckFinding(kind, CheckState.Red, "topic-denied", denied.Topic, time, facts.Gateway));
        }

        long withoutRoute = facts.Counts?.NoRoute ?? 0;
        IgnoredTopic? none = facts.Ignored.FirstOrDefault(topic => topic.Reason == IgnoredTopics.NoRoute);
        if (none is null ? withoutRoute > 0 : none.LastArrivalMilliseconds >= since)
        {
            string count = CountOf(Math.Max(withoutRoute, none?.Count ?? 0));
            found.Add(new CheckFinding(kind, CheckState.Red, "topic-no-route", count, none?.Topic ?? "?"));
        }

        if (facts.Ignored.FirstOrDefault(topic => topic.Reason != IgnoredTopics.NoRoute) is { } empty
            && empty.LastArrivalMilliseconds >= since)
        {
            found.Add(new CheckFinding(
                kind, CheckState.Yellow, "topic-no-number", empty.Topic, CountOf(empty.Count)));
        }

        long messages = facts.Counts?.Messages ?? 0;
        if (found.Count == 0)
        {
            found.Add(messages > 0
                ? new CheckFinding(kind, CheckState.Green, "topic-good", CountOf(messages))
                : new CheckFinding(kind, CheckState.Unknown, "no-message"));
        }

        return found;
    }

    private static IEnumerable<CheckFinding> Decoding(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Decoding;
        CheckFinding[] found =
        [
            .. facts.Quarantined.Where(group => group.Code != "UnitDiffers").Select(group => new CheckFinding(
                kind,
                CheckState.Red,
                group.Code switch
                {
                    "FieldTypeDiffers" or "TextForNumber" => "decode-type",
                    "UnknownAlias" => "decode-alias",
                    "ValuesCollide" => "decode-collision",
                    _ => "decode-fault",
                },
                CountOf(group.Count),
                group.Newest?.Topic ?? "?",
                group.Newest?.Reason ?? group.Code,
                CountOf(group.Newest?.FaultOffset ?? 0),
                CountOf(group.Newest?.PayloadBytes ?? 0),
                group.Newest?.Decoder ?? "?",
                facts.Gateway)),
        ];
        if (found.Length > 0)
        {
            return Shown(found);
        }

        return facts.Counts is { Points: > 0 } counts
            ? [Good(counts)]
            : [new CheckFinding(kind, CheckState.Unknown, "no-point")];
    }

    private static CheckFinding Good(GatewayView counts) => new(
        CheckKind.Decoding, CheckState.Green, "decode-good", CountOf(counts.Messages), CountOf(counts.Points));

    private static List<CheckFinding> Ledger(CommissioningFacts facts)
    {
        const CheckKind kind = CheckKind.Ledger;
        var found = new List<CheckFinding>();
        if (facts.Ledger is not { Received: > 0 } ledger)
        {
            found.Add(new CheckFinding(kind, CheckState.Unknown, "no-message"));
            return found;
        }

        string received = CountOf(ledger.Received);
        if (ledger.Dropped > 0)
        {
            found.Add(new CheckFinding(kind, CheckState.Red, "dropped", CountOf(ledger.Dropped)));
        }

        if (ledger.Missing > 0)
        {
            bool isMuch = ledger.Missing > MissingShareMax * (ledger.Received + ledger.Missing);
            CheckState state = isMuch ? CheckState.Red : CheckState.Yellow;
            found.Add(new CheckFinding(kind, state, "missing", CountOf(ledger.Missing), received));
        }

        if (ledger.Duplicate > DuplicateShareMax * ledger.Received)
        {
            found.Add(new CheckFinding(kind, CheckState.Yellow, "duplicates", CountOf(ledger.Duplicate), received));
        }

        if (found.Count == 0)
        {
            found.Add(new CheckFinding(kind, CheckState.Green, "ledger-good", received, CountOf(ledger.Duplicate)));
        }

        return found;
    }
}
