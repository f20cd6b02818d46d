using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The faults of a run. What a fault does depends on its label and on event time only, so that a run with the same
/// labels gives the same payloads. Readers see a whole list, old or new.
/// </summary>
internal sealed class FaultBoard(double speedFactor)
{
    private const double DaySeconds = 86_400;
    private readonly Lock _lock = new();
    private volatile FaultLabel[] _labels = [];

    /// <summary>All faults so far, in the order in which they began.</summary>
    public IReadOnlyList<FaultLabel> Labels => _labels;

    /// <summary>Begins a fault.</summary>
    public FaultLabel Begin(FaultScenario scenario, long start)
    {
        lock (_lock)
        {
            int number = _labels.Count(label => label.Scenario.Name == scenario.Name) + 1;
            var begun = new FaultLabel($"{scenario.Name}-{number}", scenario, start);
            _labels = [.. _labels, begun];
            return begun;
        }
    }

    /// <summary>Ends every fault of a name that still lasts.</summary>
    public int End(string name, long end)
    {
        lock (_lock)
        {
            int endedCount = 0;
            FaultLabel[] labels = [.. _labels];
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i].End is null && labels[i].Scenario.Name == name)
                {
                    labels[i] = labels[i] with { End = end };
                    endedCount++;
                }
            }

            _labels = labels;
            return endedCount;
        }
    }

    /// <summary>True when a gateway sends nothing.</summary>
    public bool IsSilent(string gateway, long time)
    {
        foreach (FaultLabel label in _labels)
        {
            if (label.Scenario.Kind == FaultKind.Silence && label.Scenario.Asset == gateway && label.IsActiveAt(time))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the clock of a gateway shows at a time; the time itself without a fault.</summary>
    public long ClockOf(string gateway, long time)
    {
        long shown = time;
        foreach (FaultLabel label in _labels)
        {
            if (label.Scenario.Asset != gateway || !label.IsActiveAt(time))
            {
                continue;
            }

            long since = time - label.Start;
            shown = label.Scenario.Kind switch
            {
                FaultKind.ClockDrift => shown + (long)(label.Scenario.Change * since / DaySeconds),
                FaultKind.ClockStep => shown + (long)(label.Scenario.Change * Timestamp.NanosecondsPerSecond),
                FaultKind.ClockReset => since,
                _ => shown,
            };
        }

        return shown;
    }

    /// <summary>What faults add to a signal, and whether it is stuck.</summary>
    public double ChangeOf(SignalInstance signal, long time, out bool isStuck)
    {
        isStuck = false;
        double change = 0;
        foreach (FaultLabel label in _labels)
        {
            FaultScenario scenario = label.Scenario;
            if (scenario.Signal != signal.Definition.Key || scenario.Asset != signal.Asset.Id)
            {
                continue;
            }

            isStuck |= scenario.Kind == FaultKind.Stuck && label.IsActiveAt(time);
            change += scenario.Kind == FaultKind.Climb ? ClimbAt(label, time) : 0;
        }

        return change;
    }

    /// <summary>Climbs from the start on and goes back as fast from the end on.</summary>
    private double ClimbAt(FaultLabel label, long time)
    {
        double perNanosecond = 1 / (label.Scenario.ClimbSeconds * speedFactor * Timestamp.NanosecondsPerSecond);
        long upUntil = label.End is { } end && end < time ? end : time;
        double part = Math.Clamp((upUntil - label.Start) * perNanosecond, 0, 1);
        double back = (time - upUntil) * perNanosecond;
        return label.Scenario.Change * Math.Max(0, part - back);
    }
}
