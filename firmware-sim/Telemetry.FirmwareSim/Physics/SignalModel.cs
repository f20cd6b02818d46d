using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// One simulated sensor: its level follows the plant's conditions with a thermal lag, stays as far inside the alarm
/// limits as its own noise needs, and is read with the noise and the resolution of the sensor.
/// </summary>
internal sealed class SignalModel
{
    private const double MarginSigmas = 2.7; // the noise is bounded at 2.5
    private const double WalkCellSeconds = 1_500;
    private const double FrostTemp = -20; // below it cold bites: grease, oil, batteries
    private const double NoiseAtRest = 0.1;
    private const double SpikePart = 0.125;
    private static readonly ulong SpikeStream = SeededNoise.StreamOf("spikes");
    private static readonly ulong DropOutStream = SeededNoise.StreamOf("drop-out");

    private readonly ulong _seed;
    private readonly ulong _stream;
    private readonly SignalTraits _traits;
    private readonly SignalDefinition _definition;
    private readonly double _bandLow;
    private readonly double _bandHigh;
    private readonly double _step;
    private readonly double _noise;
    private readonly Func<PlantConditions, double>? _measure;
    private readonly Func<PlantConditions, double>? _recorded;
    private readonly EffectTrack? _effects;
    private readonly SmoothWalk _walk;
    private readonly int _digits;
    private readonly double[] _pattern;
    private PlantConditions? _conditions; // those that line and machine are of
    private LineLoad? _line;
    private Machine? _machine; // null when it never stops
    private int _patternNext;
    private double _level = double.NaN;
    private double _levelSeconds;
    private double _passed = double.NaN;
    private double _weight;

    /// <param name="seed">The run's seed.</param>
    /// <param name="signal">What is measured.</param>
    /// <param name="effects">What fails; null when nothing does.</param>
    /// <param name="recorded">What takes the place of the model; null for none.</param>
    public SignalModel(
        ulong seed,
        SignalInstance signal,
        EffectTrack? effects = null,
        Func<PlantConditions, double>? recorded = null)
    {
        _recorded = recorded;
        _seed = seed;
        Signal = signal;
        _definition = signal.Definition;
        _stream = SeededNoise.StreamOf(signal.Id);
        _traits = SignalTraits.Of(signal);
        _step = StepOf(_definition);
        _digits = _step < 1 ? (int)Math.Round(-Math.Log10(_step)) : 0;
        _measure = SpecialSignals.Find(signal);
        _walk = new SmoothWalk(seed, ~_stream, WalkCellSeconds);
        _effects = effects;
        _pattern = new double[effects?.PatternLengthMax ?? 0];
        _noise = NoiseOf(_definition, _step);
        (_bandLow, _bandHigh) = BandOf(_definition, _step, keepsOffRange: _measure is null);
    }

    /// <summary>What is measured.</summary>
    public SignalInstance Signal { get; }

    /// <summary>What it last read; NaN before the first reading.</summary>
    public double LastValue { get; private set; } = double.NaN;

    /// <summary>Reads the sensor.</summary>
    /// <param name="conditions">The plant at the moment of reading.</param>
    /// <param name="index">The moment's number; it picks the noise.</param>
    /// <param name="fault">Added to the true value.</param>
    /// <param name="isStuck">The sensor repeats what it last read.</param>
    /// <returns>NaN when the sample is lost.</returns>
    public double Read(PlantConditions conditions, long index, double fault = 0, bool isStuck = false)
    {
        if (_recorded is not null)
        {
            return ReadRecorded(conditions, index);
        }

        double level = LevelAt(conditions);
        bool isNothing = _measure is not null && level == 0; // no rain and no sun are read without noise
        double noise = isNothing ? 0 : _noise * SeededNoise.Bounded(_seed, _stream, index);
        double duty = Duty(conditions);
        noise *= _traits.Rest == Rest.Value ? NoiseAtRest + ((1 - NoiseAtRest) * duty) : 1;
        if (_effects is not null && _effects.TryFind(conditions.Time, out SignalChange change))
        {
            return ReadChanged(change, level, noise, duty, index);
        }

        if (!isStuck || double.IsNaN(LastValue))
        {
            LastValue = Quantise(Clamp(level + noise + fault));
        }

        Remember(LastValue);
        return LastValue;
    }

    /// <summary>As it was recorded, unless something fails.</summary>
    private double ReadRecorded(PlantConditions conditions, long index)
    {
        double value = _recorded!(conditions);
        return double.IsNaN(value) || _effects is null || !_effects.TryFind(conditions.Time, out SignalChange change)
            ? value
            : ReadChanged(change, value, noise: 0, duty: 1, index);
    }

    /// <summary>What the machine does first, then what the sensor makes of it, then what the gateway loses.</summary>
    private double ReadChanged(
        in SignalChange change, double level, double noise, double duty, long index)
    {
        double spike = change.SpikeSigmas != 0 ? change.SpikeSigmas * SpikeAt(index) : 0;
        double value = Clamp(change.Apply(level, duty) + (noise * change.NoiseFactor));
        value = (value + ((change.DriftSigmas + spike) * _definition.Noise)) * change.Scale;
        if (!double.IsNaN(change.Pinned))
        {
            value = _definition.RangeLow + (change.Pinned * (_definition.RangeHigh - _definition.RangeLow));
        }

        bool isRepeated = (change.IsStuck || change.PatternLength > 0) && !double.IsNaN(LastValue);
        value = isRepeated ? Repeat(change) : Quantise(value);
        LastValue = value;
        bool isLost = change.DropOut > 0 && SeededNoise.Uniform(_seed, _stream ^ DropOutStream, index) < change.DropOut;
        return isLost ? double.NaN : value;
    }

    private double Repeat(in SignalChange change)
    {
        if (change.IsStuck || _pattern.Length == 0)
        {
            return LastValue;
        }

        _patternNext = (_patternNext + 1) % _pattern.Length;
        return _pattern[_patternNext];
    }

    private void Remember(double value)
    {
        if (_pattern.Length > 0)
        {
            _patternNext = (_patternNext + 1) % _pattern.Length;
            _pattern[_patternNext] = value;
        }
    }

    /// <summary>One reading in eight is off, up or down.</summary>
    private double SpikeAt(long index)
    {
        double drawn = SeededNoise.Uniform(_seed, _stream ^ SpikeStream, index);
        return drawn >= SpikePart ? 0 : drawn < SpikePart / 2 ? 1 : -1;
    }

    private double Clamp(double value) => Math.Clamp(value, _definition.RangeLow, _definition.RangeHigh);

    private double LevelAt(PlantConditions conditions)
    {
        Bind(conditions);
        if (_measure is not null)
        {
            bool isParked = _machine is not null && _definition.Unit == "deg" && Duty(conditions) == 0;
            double measured = isParked ? _definition.Normal : _measure(conditions);
            return measured == 0 || !conditions.IsWeatherUsual ? measured : Math.Clamp(measured, _bandLow, _bandHigh);
        }

        if (_definition.Noise == 0)
        {
            return _definition.Normal;
        }

        double airTemp = conditions.Weather.AirTemp;
        double working = _definition.Normal
            + (_traits.Load * _line!.At(conditions.Seconds))
            + (_traits.Hardness * conditions.Hardness)
            + (_traits.Ambient * (airTemp - PlantConditions.ReferenceTemp))
            + (_traits.Frost * Math.Min(0, airTemp - FrostTemp))
            + (_definition.Noise * _walk.At(conditions.Seconds));
        working = Math.Clamp(working, _bandLow, _bandHigh);
        if (_machine is null || _traits.Rest == Rest.Holds)
        {
            return Follow(working, conditions.Seconds);
        }

        return _traits.Rest == Rest.Ambient
            ? Follow(Cooled(working, conditions), conditions.Seconds)
            : Slowed(Follow(working, conditions.Seconds), conditions);
    }

    /// <summary>Where a temperature goes in the machine's state: between work and what is around it.</summary>
    private double Cooled(double working, PlantConditions conditions)
    {
        double atRest = Math.Min(working, Math.Max(conditions.AroundOf(Signal.Asset.Area), _traits.RestValue));
        return atRest + ((working - atRest) * Math.Sqrt(Duty(conditions)));
    }

    /// <summary>What is left of a current, a flow or a pressure in the machine's state; a cold machine drags.</summary>
    private double Slowed(double working, PlantConditions conditions)
    {
        double below = Math.Clamp(-conditions.AroundOf(Signal.Asset.Area) / 30, 0, 1.3);
        double dragged = working * (1 + (_traits.ColdDrag * below * (1 - _machine!.WarmthAt(conditions.Seconds))));
        return _traits.RestValue + ((dragged - _traits.RestValue) * Duty(conditions));
    }

    private double Duty(PlantConditions conditions) => _machine?.DutyAt(conditions.Seconds) ?? 1;

    private void Bind(PlantConditions conditions)
    {
        if (!ReferenceEquals(conditions, _conditions))
        {
            _conditions = conditions;
            _line = conditions.LineOf(Signal.Asset.Area);
            _machine = conditions.MachineOf(Signal.Asset);
        }
    }

    /// <summary>A first-order lag; the first reading starts in balance.</summary>
    private double Follow(double target, double seconds)
    {
        double passed = seconds - _levelSeconds;
        if (double.IsNaN(_level) || _traits.LagSeconds <= 0)
        {
            _level = target;
        }
        else
        {
            if (passed != _passed)
            {
                _passed = passed; // mostly the period
                _weight = 1 - Math.Exp(-passed / _traits.LagSeconds);
            }

            _level += (target - _level) * _weight;
        }

        _levelSeconds = seconds;
        return _level;
    }

    private double Quantise(double value) =>
        _step < 1 ? Math.Round(value, _digits) : Math.Round(value / _step) * _step;

    /// <summary>Sensors show about a third of their noise as their last digit; counters and states are whole.</summary>
    private static double StepOf(SignalDefinition signal) =>
        signal.Noise > 0 ? Math.Pow(10, Math.Floor(Math.Log10(signal.Noise / 2))) : 1;

    /// <summary>The catalogue's noise, less where the normal value lies too near a limit to bear it.</summary>
    private static double NoiseOf(SignalDefinition signal, double step)
    {
        LimitSet limits = signal.Alarm.Limits;
        double above = Highest(double.MinValue, limits.LowLow, limits.Low);
        double below = -Highest(double.MinValue, -limits.HighHigh, -limits.High);
        double room = Math.Min(signal.Normal - above, below - signal.Normal) - step;
        return Math.Max(0, Math.Min(signal.Noise, room / MarginSigmas));
    }

    /// <summary>Where the level may be so that no noise reaches a limit; the normal value is always inside.</summary>
    private static (double Low, double High) BandOf(SignalDefinition signal, double step, bool keepsOffRange)
    {
        LimitSet limits = signal.Alarm.Limits;
        double margin = (MarginSigmas * signal.Noise) + step;
        double rangeMargin = keepsOffRange ? margin : 0;
        double low = Highest(signal.RangeLow + rangeMargin, limits.LowLow + margin, limits.Low + margin);
        double high = -Highest(-signal.RangeHigh + rangeMargin, -limits.HighHigh + margin, -limits.High + margin);
        return (Math.Min(low, signal.Normal), Math.Max(high, signal.Normal));
    }

    private static double Highest(double first, double second, double third)
    {
        double highest = first;
        highest = second > highest ? second : highest; // NaN is never higher
        return third > highest ? third : highest;
    }
}
