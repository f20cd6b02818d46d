using System.Runtime.InteropServices;
using Telemetry.Buffers;
using Telemetry.Model;

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
    private const double GrowthRatio = 1.25; // what has grown by a quarter is told, so that it can be judged as it is
    private const double GrowthSurprise = 0.1; // the same in surprise

    private Covariate[] _covariates = [];
    private double[] _conditions = [];
    private ContextRegression? _regression;
    private bool _isSlow;
    private bool _hasAir; // the first covariate is the air's temperature
    private AnomalyState _state;
    private long _interval = long.MinValue;
    private double _sum;
    private int _count;
    private AnomalyState[]? _before; // while the condition stands, what was known before it began
    private bool _wasAway;
    private long _since;
    private long _lastNoteworthy;
    private long _firstTime;
    private double _size; // the largest distance from what was expected that was told
    private double _largest; // the largest surprise that was told

    /// <summary>The condition stands.</summary>
    public bool IsOn { get; private set; }

    /// <summary>It is worth a look.</summary>
    public bool IsNoticed { get; private set; }

    /// <summary>What operators said of its anomalies; null for nothing.</summary>
    public SeriesVerdicts? Verdicts { get; set; }

    /// <summary>The verdict that holds the condition back; 0: a person is told.</summary>
    public long HeldBy { get; private set; }

    /// <summary>The sample made what stands or is noticed clearly larger than it was told.</summary>
    public bool HasGrown { get; private set; }

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

    /// <summary>What a verdict on it goes by.</summary>
    public AnomalyFacts Facts => new()
    {
        Channel = Foremost,
        IsUp = Foremost == AnomalyChannel.Noise ? _state.Noise.Ratio >= 1 : Observed >= Expected,
        Surprise = Math.Max(_largest, Surprise),
        Size = Math.Max(_size, Math.Abs(Observed - Expected)),
        Tolerance = Tolerance,
        HistoryDays = HistoryNanoseconds / (double)Timestamp.NanosecondsPerDay,
        Air = _hasAir ? ConditionAt(0) : AnomalyCondition.None,
        Load = ConditionAt(_hasAir ? 1 : 0),
    };

    /// <summary>
    /// Says what the signal is; what was learnt stays unless it depends on more or fewer others than before.
    /// </summary>
    /// <param name="covariates">What it depends on; may be empty.</param>
    /// <param name="isSlow">True when it has a sample each minute at most: then each is an observation.</param>
    /// <param name="hasAir">True when the first of them is the temperature of the air; the last is the load.</param>
    public void Attach(Covariate[] covariates, bool isSlow, bool hasAir)
    {
        _isSlow = isSlow;
        _hasAir = hasAir;
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
    /// <param name="now">Lane time: which verdicts are in force.</param>
    public Verdict Observe(double value, long time, bool isJudged, long now)
    {
        IsUnusual = HasGrown = false;
        long interval = time / Interval;
        Verdict verdict = Verdict.Unchanged;
        if (interval != _interval && _count > 0)
        {
            verdict = EndInterval(isJudged, now);
        }

        _interval = interval;
        _sum += value;
        _count++;
        return _isSlow ? EndInterval(isJudged, now) : verdict;
    }

    /// <summary>True when it is louder than it was in the long run, and its level where it was.</summary>
    public bool IsOnlyLouderAt(long time) =>
        _state.Count > WarmUpCount
        && IsOnlyLouderIn(_state, BandSpreads * AnomalyDetector.SpreadAt(_state, time, out _));

    private static bool IsOnlyLouderIn(in AnomalyState state, double tolerance) =>
        state.Noise.Ratio >= LouderRatio && state.MovementIn(tolerance) <= StillPart;

    private Verdict EndInterval(bool isJudged, long now)
    {
        long time = _interval * Interval;
        double mean = _sum / _count;
        (_sum, _count) = (0, 0);
        return isJudged ? Judge(mean, time, now) : Verdict.Unchanged;
    }

    private Verdict Judge(double mean, long time, long now)
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
        bool isNew = !IsNoticed && !IsOn;
        IsNoticed = IsNoticed ? !isQuiet : Surprise >= Notice;
        Measure(isNew);
        return IsOn ? End(isQuiet, time, now) : Begin(before, time, now);
    }

    private void Measure(bool isNew)
    {
        double size = Math.Abs(Observed - Expected);
        if (isNew)
        {
            (_size, _largest) = (size, Surprise);
            return;
        }

        HasGrown = (IsNoticed || IsOn) && (size > GrowthRatio * _size || Surprise > _largest + GrowthSurprise);
        if (HasGrown)
        {
            (_size, _largest) = (Math.Max(_size, size), Math.Max(_largest, Surprise));
        }
    }

    private static ContextRegression? RegressionOn(int covariateCount) =>
        covariateCount > 0 ? new ContextRegression(covariateCount, IntervalSeconds, ScaleCount) : null;

    /// <summary>
    /// A person is called for what can be shown to be wrong: a value that is away, or a noise that is another.
    /// </summary>
    private Verdict Begin(in AnomalyState before, long time, long now)
    {
        double threshold = Math.Min(Page, Verdicts?.ThresholdAt(now) ?? Page);
        if (Surprise < threshold || !(IsAway || Foremost == AnomalyChannel.Noise))
        {
            return Verdict.Unchanged;
        }

        HeldBy = 0;
        HeldBy = HolderAt(now);
        IsOn = true;
        _since = time;
        _before = [before];
        return Verdict.Began;
    }

    /// <summary>
    /// The verdict that keeps a person from being told of what stands; 0 for none. What began as an expected pattern is
    /// one until it outgrows it, however its channels take turns.
    /// </summary>
    private long HolderAt(long now)
    {
        if (Verdicts is not { } verdicts)
        {
            return 0;
        }

        AnomalyFacts facts = Facts;
        bool isCovered = HeldBy != 0 && verdicts.StillCovers(HeldBy, facts, IsAway, now);
        long pattern = isCovered ? HeldBy : verdicts.PatternOf(facts, now);
        return pattern != 0 ? pattern
            : facts.Surprise >= verdicts.ThresholdAt(now) ? 0
            : verdicts.RaisedBy(now);
    }

    /// <summary>What is held back is told as soon as nothing holds it.</summary>
    private Verdict TellAfterAll(long now)
    {
        if (HeldBy == 0)
        {
            return Verdict.Unchanged;
        }

        HeldBy = HolderAt(now);
        return HeldBy == 0 ? Verdict.Began : Verdict.Unchanged;
    }

    /// <summary>
    /// Back after it was away: then what was learnt of it as usual is forgotten. A day away: then it is usual now.
    /// </summary>
    private Verdict End(bool isQuiet, long time, long now)
    {
        if (!isQuiet && time - _since < AcceptedAfter)
        {
            return TellAfterAll(now);
        }

        if (isQuiet && _wasAway)
        {
            _state.TakeBaselinesOf(_before![0]);
        }

        IsOn = false;
        _before = null;
        return Verdict.Ended;
    }

    private AnomalyCondition ConditionAt(int place) => place < _conditions.Length
        ? new AnomalyCondition(_conditions[place], _regression!.SpanOf(place))
        : AnomalyCondition.None;

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
        writer.Int64(HeldBy);
        writer.Double(_size);
        writer.Double(_largest);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>Null when it is none, or was written for another layout of the state.</returns>
    /// <param name="reader">The state.</param>
    /// <param name="hasVerdicts">False for a state from before there were verdicts.</param>
    public static AnomalyWatch? Restore(ref StateReader reader, bool hasVerdicts)
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
        if (hasVerdicts)
        {
            (watch.HeldBy, watch._size, watch._largest) = (reader.Int64(), reader.Double(), reader.Double());
        }

        bool isWhole = !reader.IsFailed
            && MemoryMarshal.TryRead(state, out watch._state)
            && MemoryMarshal.TryRead(before, out AnomalyState earlier)
            && watch._state.IsSane
            && earlier.IsSane;
        watch._before = watch.IsOn && isWhole ? [MemoryMarshal.Read<AnomalyState>(before)] : null;
        return isWhole ? watch : null;
    }
}
