using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Estimates how wrong one gateway's clock is from nothing but the event times and arrivals of its records: the method,
/// its sources and what it cannot know are in docs/time.md. Reads no clock and allocates nothing after construction;
/// the same records give the same corrections. Times are nanoseconds since 1970.
/// </summary>
internal sealed class GatewayClock
{
    /// <summary>Arrivals before 2020 are those of a service whose own clock is not set: they tell nothing.</summary>
    public const long OwnClockMin = 1_577_836_800 * Timestamp.NanosecondsPerSecond;

    // Times beyond 1969 and 2100 are taken for those years, so that sums stay far from overflow.
    private const long EventMin = -2 * Day;
    private const long EventMax = 4_102_444_800 * Timestamp.NanosecondsPerSecond;
    private const long FirmwareYear = 366L * 86_400 * Timestamp.NanosecondsPerSecond;
    private const long Day = 86_400L * Timestamp.NanosecondsPerSecond; // local time of the first hours may be before

    /// <summary>Where clocks without a battery begin: Unix, FAT and GPS, many real-time clock chips.</summary>
    private static readonly long[] Beginnings =
        [0, 315_532_800 * Timestamp.NanosecondsPerSecond, 946_684_800 * Timestamp.NanosecondsPerSecond];

    private readonly ClockKnots _knots = new();
    private ClockMemory _memory;

    /// <summary>What is kept between records, besides the knots.</summary>
    public ref ClockMemory Memory => ref _memory;

    /// <summary>Remembered estimates.</summary>
    public ClockKnots Knots => _knots;

    /// <summary>What is known of the clock now.</summary>
    public ClockState State => _memory.State;

    /// <summary>Arrival since which <see cref="State"/> holds.</summary>
    public long Since => _memory.Since;

    /// <summary>Arrival of the last record with a time.</summary>
    public long LastArrival => _memory.LastArrival;

    /// <summary>Clock less true time as of the last record: positive when the clock is ahead; 0 when unknown.</summary>
    public long Skew => State == ClockState.Reset
        ? -_memory.Reset.LevelAt(LastArrival)
        : _memory.IsProven ? -_memory.Main.LevelAt(LastArrival) : 0;

    /// <summary>How much the clock gains per day, in seconds; NaN until an hour was heard.</summary>
    public double DriftSecondsPerDay
    {
        get
        {
            ClockKnot latest = Latest;
            bool isKnown = _memory.IsProven && _knots.Count > 0 && _knots[_knots.Count - 1].Run == latest.Run;
            double drift = isKnown ? _knots.DriftBefore(_knots.Count, latest) : 0;
            return drift == 0 ? double.NaN : -drift * 86_400;
        }
    }

    /// <summary>Bound of the error of live times as of the last record, nanoseconds; 0 when nothing is known.</summary>
    public long Uncertainty => _memory.LastUncertainty;

    /// <summary>True while arrival is the better time to judge lateness by (law L8).</summary>
    public bool CountsByArrival => State == ClockState.Jumped || (State == ClockState.Reset && !IsResetProven);

    private bool IsResetProven => _memory.Reset.IsSteady(ClockAssumptions.ProofRecords, ClockAssumptions.ProofSpan);

    private ClockKnot Latest => new(_memory.Main.Event, _memory.Main.Level, _memory.Run);

    /// <summary>True for times of a clock that lost its own and counts from where its firmware begins.</summary>
    public static bool IsReset(long time)
    {
        foreach (long beginning in Beginnings)
        {
            // Less than a second after it is no clock's, but a counter's or of another unit.
            bool isCounter = time > beginning && time < beginning + Timestamp.NanosecondsPerSecond;
            if (time >= beginning - Day && time < beginning + FirmwareYear && !isCounter)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The event time that a record without delay would have.</summary>
    public long OnTimeAt(long arrival) => _memory.IsProven ? arrival - _memory.Main.LevelAt(arrival) : arrival;

    /// <summary>Takes a record and says what is to be added to its times.</summary>
    /// <param name="eventTime">Its newest time, as it came.</param>
    /// <param name="arrival">Never less than that of the record before.</param>
    public TimeCorrection Observe(long eventTime, long arrival)
    {
        if (arrival < OwnClockMin)
        {
            return default;
        }

        long time = Math.Clamp(eventTime, EventMin, EventMax);
        long delay = arrival - time;
        TimeCorrection correction = IsReset(time)
            ? ObserveReset(time, delay, arrival)
            : ObserveRunning(time, delay, arrival);
        _memory.LastArrival = arrival;
        bool isBeyond = eventTime > EventMax && correction.Nanoseconds != 0;
        return isBeyond ? correction with { Nanoseconds = arrival - eventTime } : correction;
    }

    /// <summary>What is to be added to the times of a record that was kept by a broker and tells nothing.</summary>
    public TimeCorrection Judge(long eventTime, long arrival) =>
        arrival < OwnClockMin || !_memory.IsProven || IsReset(eventTime)
            ? default
            : CorrectionOfBuffered(Math.Clamp(eventTime, EventMin, EventMax));

    private TimeCorrection ObserveReset(long eventTime, long delay, long arrival)
    {
        ref DelayEnvelope reset = ref _memory.Reset;
        bool isEarlier = eventTime < _memory.ResetNewest - ClockAssumptions.LiveSpan;
        bool isEarlierRun = isEarlier && !reset.IsNear(delay, arrival);
        if (!reset.IsThere || isEarlierRun)
        {
            // It lost its time, now or once more. What it has measured since is younger than what came before.
            long before = _memory.LastArrival == 0 ? 0 : arrival - _memory.LastArrival;
            _memory.ResetAge = before == 0 ? 0 : before + ClockAssumptions.DelayMax;
            reset.Begin(delay, arrival);
        }
        else if (!IsResetProven || delay < reset.LevelAt(arrival))
        {
            reset.Take(delay, arrival);
        }
        else if (reset.IsNear(delay, arrival))
        {
            reset.Touch(delay, arrival);
        }

        _memory.ResetNewest = isEarlierRun ? eventTime : Math.Max(eventTime, _memory.ResetNewest);
        Enter(ClockState.Reset, arrival);
        long offset = IsResetProven ? Math.Min(delay, reset.LevelAt(arrival)) : delay;
        long aged = 2 * ClockAssumptions.Aged(arrival - reset.At);
        _memory.LastUncertainty = IsResetProven ? ClockAssumptions.DelayMax + aged : _memory.ResetAge;
        return new TimeCorrection(offset, _memory.LastUncertainty);
    }

    private TimeCorrection ObserveRunning(long eventTime, long delay, long arrival)
    {
        _memory.Reset = default;
        ref DelayEnvelope main = ref _memory.Main;
        if (!_memory.IsProven)
        {
            ObserveUnproven(delay, arrival);
        }
        else if (main.IsNear(delay, arrival))
        {
            main.Touch(delay, arrival);
            _memory.High = default;
            _memory.OnLevel += _memory.Low.IsThere ? 1 : 0;
            RememberKnot(arrival);
        }
        else if (delay < main.LevelAt(arrival))
        {
            ObserveAhead(delay, arrival);
        }
        else
        {
            ObserveBehind(delay, arrival);
        }

        if (!_memory.IsProven)
        {
            Enter(ClockState.Unknown, arrival);
            _memory.LastUncertainty = 0;
            return default;
        }

        return CorrectionOf(eventTime, delay, arrival);
    }

    /// <summary>A clock is proven by some records that agree for a while, whatever it shows.</summary>
    private void ObserveUnproven(long delay, long arrival)
    {
        ref DelayEnvelope main = ref _memory.Main;
        main.Take(delay, arrival);
        if (main.IsSteady(ClockAssumptions.ProofRecords, ClockAssumptions.ProofSpan))
        {
            _memory.IsProven = true;
            BeginRun();
        }
    }

    /// <summary>
    /// No record is measured after it arrives, so these times are wrong; whether it is the clock or a stray is told by
    /// what comes with them.
    /// </summary>
    private void ObserveAhead(long delay, long arrival)
    {
        ref DelayEnvelope low = ref _memory.Low;
        if (low.Take(delay, arrival))
        {
            _memory.OnLevel = 0;
        }

        bool isSteady = low.IsSteady(ClockAssumptions.ProofRecords, ClockAssumptions.ProofSpan);
        if (isSteady && low.Touches >= 3L * _memory.OnLevel)
        {
            Jump(low);
        }
    }

    /// <summary>Buffered, or set back: the delay of a buffer that empties changes, that of a clock stays.</summary>
    private void ObserveBehind(long delay, long arrival)
    {
        ref DelayEnvelope high = ref _memory.High;
        high.Take(delay, arrival);
        long jump = high.Level - _memory.Main.LevelAt(arrival);
        long span = jump > ClockAssumptions.SmallJump ? ClockAssumptions.JumpSpan : ClockAssumptions.SmallJumpSpan;
        if (high.IsSteady(ClockAssumptions.JumpRecords, span))
        {
            Jump(high);
        }
    }

    private void Jump(in DelayEnvelope to)
    {
        _knots.Add(Latest);
        _memory.Main = to;
        _memory.Run++;
        BeginRun();
    }

    private void BeginRun()
    {
        _memory.High = default;
        _memory.Low = default;
        _memory.OnLevel = 0;
        ref DelayEnvelope main = ref _memory.Main;
        _knots.Add(new ClockKnot(main.StartedAt - main.Anchor, main.Anchor, _memory.Run));
        _memory.LastKnot = main.At;
        _memory.Settle(isSure: true);
    }

    private void RememberKnot(long arrival)
    {
        if (_memory.Main.At == arrival && arrival - _memory.LastKnot >= ClockAssumptions.KnotSpan)
        {
            _knots.Add(Latest);
            _memory.LastKnot = arrival;
        }
    }

    private TimeCorrection CorrectionOf(long eventTime, long delay, long arrival)
    {
        ref DelayEnvelope main = ref _memory.Main;
        long level = main.LevelAt(arrival);
        if (main.At == arrival)
        {
            _memory.Settle(isSure: false);
        }

        bool isBehindSuspect = _memory.High.IsSteady(ClockAssumptions.SuspectRecords, ClockAssumptions.SuspectSpan);
        bool isAheadSuspect = _memory.Low.IsThere && _memory.OnLevel == 0;
        Enter(isBehindSuspect || isAheadSuspect ? ClockState.Jumped : _memory.SettledState, arrival);
        long uncertainty = ClockAssumptions.DelayMax
            + (2 * ClockAssumptions.Aged(arrival - main.At))
            + Math.Abs(main.Level - _memory.Applied);
        uncertainty += isBehindSuspect ? Math.Max(0, _memory.High.Level - level) : 0;
        _memory.LastUncertainty = uncertainty;
        if (delay < _memory.Applied - ClockAssumptions.AheadMax)
        {
            // Measured when it arrived at the latest.
            return new TimeCorrection(delay, ClockAssumptions.DelayMax + ClockAssumptions.Tolerance);
        }

        return delay > level + ClockAssumptions.LiveSpan && !isBehindSuspect
            ? CorrectionOfBuffered(eventTime)
            : new TimeCorrection(_memory.Applied, uncertainty);
    }

    private TimeCorrection CorrectionOfBuffered(long eventTime)
    {
        long offset = _knots.OffsetAt(eventTime, Latest, out long distance);
        long applied = Math.Abs(offset) < ClockAssumptions.CorrectFrom
            ? 0
            : offset / ClockAssumptions.Step * ClockAssumptions.Step;
        long uncertainty = ClockAssumptions.DelayMax + ClockAssumptions.Aged(distance) + Math.Abs(offset - applied);
        return new TimeCorrection(applied, uncertainty);
    }

    private void Enter(ClockState state, long arrival)
    {
        if (_memory.State != state || _memory.Since == 0)
        {
            _memory.State = state;
            _memory.Since = arrival;
        }
    }
}
