using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim;

/// <summary>Draws what befalls one gateway, from the run's seed and the gateway's name.</summary>
internal sealed class FirmwareDraw(ScenarioFirmware firmware, ulong seed, string gateway, long start)
{
    /// <summary>Behaviours are drawn for so many days from the start of a run.</summary>
    public const double Days = 90;

    private const double DaySeconds = 86_400;
    private const double HourSeconds = 3_600;
    private const double ResetSecondsMin = 5; // a small board restarts in this
    private const double ResetSecondsMax = 40;
    private const double BrownOutSecondsMin = 60;
    private const double BrownOutSecondsMax = 300;
    private const string VersionAfterUpdate = "2.0.0";
    private const double HorizonSeconds = Days * DaySeconds;

    private readonly List<FirmwareEvent> _events = [];
    private readonly Dictionary<FirmwareEventKind, int> _counts = [];

    /// <summary>When the clock is set, in order: at its period, or when the link is back.</summary>
    public long[] Syncs { get; private set; } = [];

    /// <summary>All of them, in the order in which they begin.</summary>
    /// <param name="signals">What the gateway measures.</param>
    public FirmwareEvent[] All(IReadOnlyList<SignalInstance> signals)
    {
        AddDrift();
        AddOutages();
        Syncs = [.. DrawSyncs([.. _events.Where(one => one.Kind == FirmwareEventKind.Outage)])];
        foreach ((double from, double to) in Spans("reset", firmware.Resets, ResetSeconds))
        {
            AddReset(from, to);
        }

        AddBrownOuts();
        AddUpdate(signals);
        return [.. _events.OrderBy(happened => happened.Start).ThenBy(happened => happened.Kind)];
    }

    private IEnumerable<long> DrawSyncs(FirmwareEvent[] outages)
    {
        double period = firmware.TimeSyncHours * HourSeconds;
        int outage = 0;
        for (double at = period * Uniform("sync", 0); period > 0 && at < HorizonSeconds; at += period)
        {
            long time = TimeOf(at);
            while (outage < outages.Length && outages[outage].End <= time)
            {
                outage++;
            }

            yield return outage < outages.Length && outages[outage].IsAt(time) ? outages[outage].End : time;
        }
    }

    private void AddDrift()
    {
        if (firmware.ClockDrift > 0)
        {
            double size = Math.Round(firmware.ClockDrift * ((2 * Uniform("drift", 0)) - 1), 3);
            Add(FirmwareEventKind.Drift, 0, HorizonSeconds, drift => drift with { Size = size });
        }
    }

    private void AddOutages()
    {
        double mean = firmware.OutageMinutes * 60;
        foreach ((double from, double to) in Spans("outage", firmware.Outages, part => 1 - (mean * Math.Log(1 - part))))
        {
            Add(FirmwareEventKind.Outage, from, to);
        }
    }

    private void AddBrownOuts()
    {
        foreach ((double from, double to) in Spans("brown-out", firmware.BrownOuts, BrownOutSeconds))
        {
            Add(FirmwareEventKind.BrownOut, from, to);
            AddReset(to, to + ResetSeconds(Uniform("brown-out/reset", (long)to)));
        }
    }

    private void AddReset(double from, double to)
    {
        long index = (long)(from * 1_000);
        bool isBufferLost = Uniform("buffer-lost", index) < firmware.BufferLost;
        Add(FirmwareEventKind.Reset, from, to, reset => reset with { IsBufferLost = isBufferLost });
        if (Uniform("clock-lost", index) < firmware.ClockLost)
        {
            AddLostClock(to);
        }
    }

    private void AddLostClock(double from)
    {
        long lost = TimeOf(from);
        int index = Array.BinarySearch(Syncs, lost + 1);
        index = index < 0 ? ~index : index;
        long sync = index < Syncs.Length ? Syncs[index] : TimeOf(HorizonSeconds);
        Add(FirmwareEventKind.ClockLost, from, HorizonSeconds, clock => clock with
        {
            End = Math.Max(sync, lost + Timestamp.NanosecondsPerMillisecond),
            ClockBegins = Timestamp.From(firmware.ClockBegins),
        });
    }

    /// <summary>An update keeps clock and buffer; it resets the gateway as it ends.</summary>
    private void AddUpdate(IReadOnlyList<SignalInstance> signals)
    {
        if (firmware.Update == FirmwareUpdate.None)
        {
            return;
        }

        double at = (firmware.UpdateAfterHours + Uniform("update", 0)) * HourSeconds;
        Add(FirmwareEventKind.Reset, at, at + ResetSeconds(Uniform("update", 1)));
        SignalInstance[] measured =
            [.. signals.Where(one => EpisodePlan.IsMeasured(one) && one.Definition.PeriodSeconds > 0)];
        SignalInstance? signal = measured.Length > 0
            ? measured[(int)(Uniform("update", 2) * measured.Length)]
            : null;
        (double scale, double offset, string unit) = firmware.Update == FirmwareUpdate.Unit && signal is not null
            ? SignalUpdate.UnitOf(signal.Definition)
            : (1, 0, "");
        Add(FirmwareEventKind.Update, at, Math.Max(at + 1, HorizonSeconds), update => update with
        {
            Version = VersionAfterUpdate,
            Signal = signal?.Id ?? "",
            Name = firmware.Update == FirmwareUpdate.Rename && signal is not null
                ? SignalUpdate.NameOf(signal.Definition.Key)
                : "",
            Scale = scale,
            Offset = offset,
            Unit = unit,
        });
    }

    /// <summary>Spans one after another, with exponential distances between them.</summary>
    private IEnumerable<(double From, double To)> Spans(string what, double perDay, Func<double, double> lengthOf)
    {
        double at = 0;
        for (long i = 0; perDay > 0; i += 2)
        {
            double from = at - (Math.Log(1 - Uniform(what, i)) * DaySeconds / perDay);
            if (from >= HorizonSeconds)
            {
                yield break;
            }

            at = from + lengthOf(Uniform(what, i + 1));
            yield return (from, at);
        }
    }

    private static double ResetSeconds(double part) =>
        ResetSecondsMin + (part * (ResetSecondsMax - ResetSecondsMin));

    private static double BrownOutSeconds(double part) =>
        BrownOutSecondsMin + (part * (BrownOutSecondsMax - BrownOutSecondsMin));

    private void Add(
        FirmwareEventKind kind, double from, double to, Func<FirmwareEvent, FirmwareEvent>? complete = null)
    {
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        var happened = new FirmwareEvent(
            $"{gateway}/{FirmwareLedger.WordOf(kind)}/{_counts[kind]}", kind, gateway, TimeOf(from), TimeOf(to));
        _events.Add(complete is null ? happened : complete(happened));
    }

    private long TimeOf(double seconds) =>
        (start / Timestamp.NanosecondsPerMillisecond * Timestamp.NanosecondsPerMillisecond)
        + Episode.Nanoseconds(seconds);

    private double Uniform(string what, long index) =>
        SeededNoise.Uniform(seed, SeededNoise.StreamOf($"{gateway}/{what}"), index);
}
