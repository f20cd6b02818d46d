using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// What one machine does at a time: its state, its load and how warm it is. A function of seed, asset, plan and time.
/// Not for use by several threads at once.
/// </summary>
internal sealed class Machine(ulong seed, Asset asset, EpisodePlan plan)
{
    private const double StartingSeconds = 180;
    private const double IdleDuty = 0.25;
    private const double WarmingSeconds = 2_400;
    private const double CoolingSeconds = 9_000;

    private readonly MachineHours _hours = new(seed, asset, plan);
    private double _from = double.NaN; // the stretch at hand, running or not
    private double _to;
    private double _gapBefore;
    private bool _isOn;

    /// <summary>The asset.</summary>
    public Asset Asset => asset;

    /// <summary>True when it stands still at times.</summary>
    public bool StopsAtTimes => _hours.Working != Working.Always;

    /// <summary>Its state at a time in seconds since 1970.</summary>
    public MachineState StateAt(double seconds)
    {
        Find(seconds);
        return !_isOn ? MachineState.Stopped
            : seconds - _from < StartingSeconds ? MachineState.Starting
            : _hours.IsBreak(seconds) ? MachineState.Idle
            : MachineState.Running;
    }

    /// <summary>Its load: 0 when it stands still, 1 when it works.</summary>
    public double DutyAt(double seconds) => StateAt(seconds) switch
    {
        MachineState.Stopped => 0,
        MachineState.Starting => (seconds - _from) / StartingSeconds,
        MachineState.Idle => IdleDuty,
        _ => 1,
    };

    /// <summary>How warm it is: 0 as cold as what is around it, 1 as warm as work makes it.</summary>
    public double WarmthAt(double seconds)
    {
        Find(seconds);
        if (!_isOn)
        {
            return Math.Exp(-(seconds - _from) / CoolingSeconds);
        }

        double atStart = Math.Exp(-_gapBefore / CoolingSeconds);
        return 1 - ((1 - atStart) * Math.Exp(-(seconds - _from) / WarmingSeconds));
    }

    private void Find(double seconds)
    {
        if (seconds >= _from && seconds < _to)
        {
            return;
        }

        List<(double From, double To)> spans = _hours.Around(seconds);
        int after = spans.FindIndex(span => span.To > seconds);
        _isOn = after >= 0 && spans[after].From <= seconds;
        int last = after < 0 ? spans.Count - 1 : after - 1;
        double stopped = last >= 0 ? spans[last].To : double.NegativeInfinity; // long ago: it is cold
        (_from, _to) = _isOn ? spans[after] : (stopped, after < 0 ? seconds + CoolingSeconds : spans[after].From);
        _gapBefore = _from - stopped;
    }
}
