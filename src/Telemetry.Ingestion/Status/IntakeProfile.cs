namespace Telemetry.Ingestion;

/// <summary>
/// How many bytes came in, minute by minute over the last day, and how long a number of bytes will last. A mine has
/// shifts: once a day is known, the next one is taken to be like it, raised or lowered by what the last three hours
/// were to the same hours of the day before. Until then the last hour stands for all. For any thread.
/// </summary>
/// <param name="time">Its monotonic clock.</param>
internal sealed class IntakeProfile(TimeProvider time)
{
    private const int MinutesPerHour = 60;
    private const int MinutesPerDay = 24 * MinutesPerHour;
    private const int LevelMinutes = 3 * MinutesPerHour;
    private const int KeptMinutes = MinutesPerDay + LevelMinutes;
    private const double LevelMax = 4; // a lone burst must not stand for a day
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly double[] _minutes = new double[KeptMinutes]; // a ring of whole minutes
    private long _whole; // minutes that are over, since the start
    private double _present; // bytes of the minute that is not
    private long _offset = -1;
    private TimeSpan _observedAt;

    /// <summary>Takes note of how far the log has come; what came since the last call is spread evenly.</summary>
    public void Observe(long offset)
    {
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            if (_offset >= 0)
            {
                SpreadLocked(Math.Max(0, offset - _offset), now);
            }

            _offset = offset;
            _observedAt = now;
        }
    }

    /// <summary>Bytes a second over the last hour, or since the start; null before the first minute is over.</summary>
    public double? BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return RateLocked();
            }
        }
    }

    /// <summary>When a number of bytes will have come; null when that is not known or never.</summary>
    public TimeSpan? TimeFor(long bytes)
    {
        lock (_gate)
        {
            double day = _whole >= KeptMinutes ? SumLocked(1, MinutesPerDay) * LevelLocked() : 0;
            if (day > 0)
            {
                return FollowDayLocked(bytes, day);
            }

            return RateLocked() is { } rate && rate > 0 ? Span(bytes / rate / MinutesPerHour) : null;
        }
    }

    private void SpreadLocked(double bytes, TimeSpan now)
    {
        double rest = (now - _observedAt).TotalMinutes;
        double position = _observedAt.TotalMinutes - _whole;
        while (rest > 0 && position + rest >= 1)
        {
            double part = Math.Min(rest, 1 - position);
            double share = bytes * part / rest;
            _minutes[_whole++ % KeptMinutes] = _present + share;
            (bytes, rest, position, _present) = (bytes - share, rest - part, 0, 0);
        }

        _present += bytes;
    }

    private double? RateLocked()
    {
        int known = (int)Math.Min(_whole, MinutesPerHour);
        return known == 0 ? null : SumLocked(1, known) / (known * 60.0);
    }

    /// <summary>How the last hours were to the same hours of the day before.</summary>
    private double LevelLocked()
    {
        double before = SumLocked(MinutesPerDay + 1, LevelMinutes);
        return before > 0 ? Math.Clamp(SumLocked(1, LevelMinutes) / before, 1 / LevelMax, LevelMax) : 1;
    }

    /// <summary>Bytes of minutes that are over: the one so many ago, and those before it.</summary>
    private double SumLocked(int newestAgo, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += _minutes[(_whole - newestAgo - i) % KeptMinutes];
        }

        return sum;
    }

    private TimeSpan FollowDayLocked(double bytes, double day)
    {
        double level = LevelLocked();
        double minutes = Math.Floor(bytes / day) * MinutesPerDay;
        double rest = bytes - (Math.Floor(bytes / day) * day);
        for (int i = 0; i < MinutesPerDay; i++)
        {
            double next = _minutes[(_whole - MinutesPerDay + i) % KeptMinutes] * level;
            if (next >= rest && next > 0)
            {
                return Span(minutes + i + (rest / next));
            }

            rest -= next;
        }

        return Span(minutes + MinutesPerDay);
    }

    private static TimeSpan Span(double minutes) =>
        TimeSpan.FromMinutes(Math.Min(minutes, TimeSpan.MaxValue.TotalMinutes / 2));
}
