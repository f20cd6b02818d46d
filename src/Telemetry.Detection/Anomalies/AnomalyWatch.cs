using System.Runtime.InteropServices;
using Telemetry.Buffers;

namespace Telemetry.Detection;

/// <summary>
/// Watches one signal for anomalies: it takes means over a minute, so that all signals have about the same rhythm,
/// holds them against the conditions the machine is in, and judges what is left.
/// </summary>
internal sealed class AnomalyWatch
{
    /// <summary>What an observation is the mean over: a minute, in nanoseconds.</summary>
    public const long Interval = 60_000_000_000;

    /// <summary>Observations that are only learnt from: two days of minutes.</summary>
    public const int WarmUpCount = 2_880;

    /// <summary>Surprise from which on it is worth a look.</summary>
    public const double Notice = -0.15;

    /// <summary>Surprise from which on a person is told: nothing like it was seen in the series' history.</summary>
    public const double Page = 0.6;

    private const int ScaleCount = 1_440; // a day
    private const double IntervalSeconds = Interval / 1e9;
    private const long QuietAfter = 1_800_000_000_000; // half an hour without anything noteworthy ends it
    private const long AcceptedAfter = 86_400_000_000_000; // a day: what lasts longer is the new normal
    private const double LouderRatio = 1.5; // mean step lately over that in the long run, whose own spread is a tenth
    private const double StillPart = 0.5; // of the tolerance: so far may a mean of twenty stray and be where it was
    private const double BandSpreads = 4; // mean absolute deviations: about three deviations of a normal one

    private Covariate[] _covariates = [];
    private double[] _conditions = [];
    private ContextRegression? _regression;
    private bool _isSlow;
    private AnomalyState _state;
    private long _interval = long.MinValue;
    private double _sum;
    private int _count;
    private AnomalyState[]? _before; // while the condition stands, what was known before it began
    private bool _wasAway;
    private long _since;
    private long _lastNoteworthy;
    private long _firstTime;

    /// <summary>The condition stands.</summary>
    public bool IsOn { get; private set; }

    /// <summary>It is worth a look.</summary>
    public bool IsNoticed { get; private set; }

    /// <summary>Mean of the last whole interval.</summary>
    public double Observed { get; private set; }

    /// <summary>What was expected of it.</summary>
    public double Expected { get; private set; }

    /// <summary>How far it may be from that and be usual.</summary>
    public double Tolerance { get; private set; }

    /// <summary>Its surprise.</summary>
    public double Surprise { get; private set; }

    /// <summary>What of it is most unusual.</summary>
    public AnomalyChannel Foremost => _state.Foremost;

    /// <summary>The sample ended an observation that is worth a look or away from what is usual.</summary>
    public bool IsUnusual { get; private set; }

    /// <summary>Before the last observation it was louder than ever and no more than that.</summary>
    public bool WasOnlyLouder { get; private set; }

    /// <summary>What was last observed is away from what is usual.</summary>
    public bool IsAway => Math.Abs(Observed - Expected) > Tolerance;

    /// <summary>How long it has been judged and learnt from.</summary>
    public long HistoryNanoseconds => (_interval * Interval) - _firstTime;

    /// <summary>
    /// The conditions it was held against, in the order of the covariates; NaN where one was not known.
    /// </summary>
    public ReadOnlySpan<double> Conditions => _conditions;

    /// <summary>
    /// Says what the signal is; what was learnt stays unless it depends on more or fewer others than before.
    /// </summary>
    /// <param name="covariates">What it depends on; may be empty.</param>
    /// <param name="isSlow">True when it has a sample each minute at most: then each is an observation.</param>
    public void Attach(Covariate[] covariates, bool isSlow)
    {
        _isSlow = isSlow;
        if (covariates.Length != (_regression?.CovariateCount ?? 0))
        {
            _regression = RegressionOn(covariates.Length);
            _state = default;
        }

        _covariates = covariates;
        _conditions = new double[covariates.Length];
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="value">The value, a finite number.</param>
    /// <param name="time">Event time, later than the last.</param>
    /// <param name="isJudged">False to learn and judge nothing: the sensor is at fault.</param>
    public Verdict Observe(double value, long time, bool isJudged)
    {
        IsUnusual = false;
        long interval = time / Interval;
        Verdict verdict = Verdict.Unchanged;
        if (interval != _interval && _count > 0)
        {
            verdict = EndInterval(isJudged);
        }

        _interval = interval;
        _sum += value;
        _count++;
        return _isSlow ? EndInterval(isJudged) : verdict;
    }

    /// <summary>True when it is louder than it was in the long run, and its level where it was.</summary>
    public bool IsOnlyLouderAt(long time) =>
        _state.Count > WarmUpCount
        && IsOnlyLouderIn(_state, BandSpreads * AnomalyDetector.SpreadAt(_state, time, out _));

    private static bool IsOnlyLouderIn(in AnomalyState state, double tolerance) =>
        state.Noise.Ratio >= LouderRatio && state.MovementIn(tolerance) <= StillPart;

    private Verdict EndInterval(bool isJudged)
    {
        long time = _interval * Interval;
        double mean = _sum / _count;
        (_sum, _count) = (0, 0);
        return isJudged ? Judge(mean, time) : Verdict.Unchanged;
    }

    private Verdict Judge(double mean, long time)
    {
        Observed = mean;
        if (!TryExpect(mean, time, out double expected))
        {
            return Verdict.Unchanged;
        }

        _firstTime = _state.Count == 0 ? time : _firstTime;
        AnomalyState before = _state;
        ref readonly AnomalyState known = ref _before is null ? ref before : ref _before[0];
        Tolerance = BandSpreads * AnomalyDetector.SpreadAt(known, time, out double usual);
        Expected = expected + usual;
        WasOnlyLouder = IsOnlyLouderIn(before, Tolerance);
        double together = AnomalyDetector.Observe(ref _state, time, mean - expected, WarmUpCount, out _);
        if (_state.Count <= WarmUpCount)
        {
            return Verdict.Unchanged;
        }

        Surprise = Math.Max(together, _state.Alone);
        IsUnusual = Surprise >= Notice || IsAway;
        _wasAway = IsAway || (IsOn && _wasAway);
        _lastNoteworthy = Surprise >= Notice || (IsOn && IsAway) ? time : _lastNoteworthy;
        bool isQuiet = time - _lastNoteworthy >= QuietAfter;
        IsNoticed = IsNoticed ? !isQuiet : Surprise >= Notice;
        return IsOn ? End(isQuiet, time) : Begin(before, time);
    }

    private static ContextRegression? RegressionOn(int covariateCount) =>
        covariateCount > 0 ? new ContextRegression(covariateCount, IntervalSeconds, ScaleCount) : null;

    /// <summary>
    /// A person is called for what can be shown to be wrong: a value that is away, or a noise that is another.
    /// </summary>
    private Verdict Begin(in AnomalyState before, long time)
    {
        if (Surprise < Page || !(IsAway || Foremost == AnomalyChannel.Noise))
        {
            return Verdict.Unchanged;
        }

        IsOn = true;
        _since = time;
        _before = [before];
        return Verdict.Began;
    }

    /// <summary>
    /// Back after it was away: then what was learnt of it as usual is forgotten. A day away: then it is usual now.
    /// </summary>
    private Verdict End(bool isQuiet, long time)
    {
        if (!isQuiet && time - _since < AcceptedAfter)
        {
            return Verdict.Unchanged;
        }

        if (isQuiet && _wasAway)
        {
            _state.TakeBaselinesOf(_before![0]);
        }

        IsOn = false;
        _before = null;
        return Verdict.Ended;
    }

    /// <summary>False while there is no telling: the model is young, or a condition is not known.</summary>
    private bool TryExpect(double mean, long time, out double expected)
    {
        expected = 0;
        if (_regression is null)
        {
            return true;
        }

        for (int i = 0; i < _covariates.Length; i++)
        {
            _conditions[i] = _covariates[i].At(time / Interval);
            if (double.IsNaN(_conditions[i]))
            {
                return false;
            }
        }

        return _regression.Observe(mean, _conditions, learns: !IsOn, out expected);
    }

    /// <summary>Writes all that the next verdict follows from; docs/detection/state.md draws it.</summary>
    public void Save(StateWriter writer)
    {
        writer.Flag(IsOn);
        writer.Flag(IsNoticed);
        writer.Flag(_wasAway);
        writer.Int64(_interval);
        writer.Double(_sum);
        writer.Int32(_count);
        writer.Int64(_lastNoteworthy);
        writer.Int64(_since);
        writer.Int64(_firstTime);
        writer.Block(MemoryMarshal.AsBytes(new ReadOnlySpan<AnomalyState>(in _state)));
        if (IsOn)
        {
            writer.Block(MemoryMarshal.AsBytes(_before.AsSpan()));
        }

        writer.Int32(_regression?.CovariateCount ?? 0);
        _regression?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>Null when it is none, or was written for another layout of the state.</returns>
    public static AnomalyWatch? Restore(ref StateReader reader)
    {
        var watch = new AnomalyWatch
        {
            IsOn = reader.Flag(),
            IsNoticed = reader.Flag(),
            _wasAway = reader.Flag(),
            _interval = reader.Int64(),
            _sum = reader.Double(),
            _count = reader.Int32(),
            _lastNoteworthy = reader.Int64(),
            _since = reader.Int64(),
            _firstTime = reader.Int64(),
        };
        ReadOnlySpan<byte> state = reader.Block();
        ReadOnlySpan<byte> before = watch.IsOn ? reader.Block() : state;
        int covariateCount = reader.Int32();
        if (reader.IsFailed || covariateCount is < 0 or > ContextRegression.CovariateCountMax)
        {
            return null;
        }

        watch._regression = RegressionOn(covariateCount);
        watch._regression?.Restore(ref reader);

        bool isWhole = !reader.IsFailed
            && MemoryMarshal.TryRead(state, out watch._state)
            && MemoryMarshal.TryRead(before, out AnomalyState earlier)
            && watch._state.IsSane
            && earlier.IsSane;
        watch._before = watch.IsOn && isWhole ? [MemoryMarshal.Read<AnomalyState>(before)] : null;
        return isWhole ? watch : null;
    }
}
