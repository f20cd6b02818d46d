namespace Telemetry.Ingestion;

/// <summary>
/// The smallest delay (arrival − event time) of one run of a clock, ageing: a smallest delay of a while ago says less,
/// by the fastest drift there is. What is left above the clock's true error is the smallest network delay.
/// </summary>
internal struct DelayEnvelope
{
    /// <summary>The smallest delay as of <see cref="At"/>, nanoseconds.</summary>
    public long Level;

    /// <summary>Arrival of the last record that had no more delay than this.</summary>
    public long At;

    /// <summary>The delay it began with.</summary>
    public long Anchor;

    /// <summary>Arrival of the record it began with.</summary>
    public long StartedAt;

    /// <summary>Arrival of the last record near it.</summary>
    public long TouchedAt;

    /// <summary>Records near it since it began; 0: there is none.</summary>
    public int Touches;

    /// <summary>True when it has begun.</summary>
    public readonly bool IsThere => Touches > 0;

    /// <summary>How long records have been near it.</summary>
    public readonly long Span => TouchedAt - StartedAt;

    /// <summary>The clock's own time at <see cref="At"/>.</summary>
    public readonly long Event => At - Level;

    /// <summary>True when records and their span prove that delays stay here.</summary>
    public readonly bool IsSteady(int records, long span) => Touches >= records && Span >= span;

    /// <summary>The smallest delay a record may show at a time.</summary>
    public readonly long LevelAt(long arrival) => Level + ClockAssumptions.Aged(arrival - At);

    /// <summary>True when a delay is the envelope's to the tolerance.</summary>
    public readonly bool IsNear(long delay, long arrival)
    {
        long above = delay - LevelAt(arrival);
        return above <= ClockAssumptions.Tolerance
            && -above <= ClockAssumptions.Tolerance + (2 * ClockAssumptions.Aged(arrival - At));
    }

    /// <summary>Begins with one record.</summary>
    public void Begin(long delay, long arrival) => this = new DelayEnvelope
    {
        Level = delay,
        At = arrival,
        Anchor = delay,
        StartedAt = arrival,
        TouchedAt = arrival,
        Touches = 1,
    };

    /// <summary>
    /// Takes a record: a near one touches the envelope, an earlier one begins it anew, a later one does so when nothing
    /// was near for a while. One that slides away from where it began is no clock's but that of a buffer being emptied.
    /// </summary>
    /// <returns>True when it began anew.</returns>
    public bool Take(long delay, long arrival)
    {
        bool isNear = IsNear(delay, arrival);
        bool hasSlid = Anchor - delay - ClockAssumptions.Aged(arrival - StartedAt) > ClockAssumptions.Tolerance;
        long above = delay - LevelAt(arrival);
        long patience = above > ClockAssumptions.LiveSpan ? ClockAssumptions.SuspectSpan : ClockAssumptions.JumpSpan;
        bool isLeft = !isNear && (above < 0 || arrival - TouchedAt > patience);
        if (!IsThere || isLeft || hasSlid)
        {
            Begin(delay, arrival);
            return true;
        }

        if (isNear)
        {
            Touch(delay, arrival);
        }

        return false;
    }

    /// <summary>Takes a record that is known to be near.</summary>
    public void Touch(long delay, long arrival)
    {
        if (delay <= LevelAt(arrival))
        {
            Level = delay;
            At = arrival;
        }

        TouchedAt = arrival;
        Touches = Touches == int.MaxValue ? Touches : Touches + 1;
    }
}
