using System.Buffers;
using Telemetry.Buffers;

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
    private const int NanosecondsPerTick = 100;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AwayMax = TimeSpan.FromDays(1); // whatever stood still so long begins anew
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly double[] _minutes = new double[KeptMinutes]; // a ring of whole minutes
    private long _whole; // minutes that are over, since the start
    private double _present; // bytes of the minute that is not
    private long _offset = -1;
    private TimeSpan _observedAt;
    private TimeSpan _before; // of what was restored
    private DateTimeOffset _observedAtUtc;

    /// <summary>Takes note of how far the log has come; what came since the last call is spread evenly.</summary>
    public void Observe(long offset)
    {
        lock (_gate)
        {
            TimeSpan now = _before + time.GetElapsedTime(_start);
            if (_offset >= 0)
            {
                SpreadLocked(Math.Max(0, offset - _offset), now);
            }

            _offset = offset;
            _observedAt = now;
            _observedAtUtc = time.GetUtcNow();
        }
    }

    /// <summary>Writes what is known.</summary>
    /// <returns>The offset it stands for.</returns>
    public long Save(IBufferWriter<byte> target)
    {
        lock (_gate)
        {
            var writer = new StateWriter(target);
            writer.Int64((_observedAtUtc - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);
            long part = (_observedAt - TimeSpan.FromMinutes(_whole)).Ticks;
            writer.Int64(Math.Clamp(part, 0, Minute.Ticks) * NanosecondsPerTick);
            writer.Double(_present);
            for (long minute = Math.Max(0, _whole - KeptMinutes); minute < _whole; minute++)
            {
                writer.Double(_minutes[minute % KeptMinutes]);
            }

            return _offset;
        }
    }

    /// <summary>
    /// Goes on from what was known, before anything is observed. The time between, in which gateways buffered, is taken
    /// to be like the day before, or like the last hour, where not more came; after more than a day all is new.
    /// </summary>
    /// <param name="state">What was saved.</param>
    /// <param name="offset">What it stands for.</param>
    /// <param name="end">How far the log has come.</param>
    /// <returns>False when the state cannot be read; nothing is known then.</returns>
    public bool TryRestore(ReadOnlySpan<byte> state, long offset, long end)
    {
        var reader = new StateReader(state);
        long savedAt = reader.Int64();
        TimeSpan part = TimeSpan.FromTicks(reader.Int64() / NanosecondsPerTick);
        double present = reader.Double();
        int minutes = reader.RestBytes / sizeof(double);
        bool isGood = !reader.IsFailed && reader.RestBytes % sizeof(double) == 0 && minutes <= KeptMinutes
            && part >= TimeSpan.Zero && part <= Minute && IsAmount(present);
        double[] known = new double[isGood ? minutes : 0];
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = reader.Double();
        }

        if (!isGood || !known.All(IsAmount))
        {
            return false;
        }

        TimeSpan away = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(savedAt / NanosecondsPerTick);
        lock (_gate)
        {
            if (away <= AwayMax)
            {
                ResumeLocked(known, present, part);
                PassLocked(Math.Max(0, end - offset), away > TimeSpan.Zero ? away : TimeSpan.Zero);
            }
        }

        return true;
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

    private static bool IsAmount(double bytes) => double.IsFinite(bytes) && bytes >= 0;

    private void ResumeLocked(double[] known, double present, TimeSpan part)
    {
        known.CopyTo(_minutes, 0);
        _whole = known.Length;
        _present = present;
        _observedAt = TimeSpan.FromMinutes(_whole) + part;
    }

    private void PassLocked(double bytes, TimeSpan away)
    {
        bool isDayKnown = _whole >= KeptMinutes;
        double level = isDayKnown ? LevelLocked() : 0;
        bool isCounted = away <= Minute; // a quick restart: what is in the log is all that came
        double rate = away > TimeSpan.Zero ? bytes / away.TotalMinutes : 0;
        _present += away > TimeSpan.Zero ? 0 : bytes;
        for (TimeSpan part; away > TimeSpan.Zero; away -= part)
        {
            part = away < Minute ? away : Minute;
            double expected = isDayKnown
                ? _minutes[(_whole - MinutesPerDay) % KeptMinutes] * level
                : RateLocked() * 60 ?? 0;
            double came = isCounted ? rate : Math.Max(rate, expected);
            SpreadLocked(came * part.TotalMinutes, _observedAt + part);
            _observedAt += part;
        }

        _before = _observedAt - time.GetElapsedTime(_start);
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
