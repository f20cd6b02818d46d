using System.Globalization;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>Times as gateways write them: numbers of a known or guessed unit, and ISO 8601.</summary>
internal static class PayloadTime
{
    // A bare number is taken for a time when it falls into 2000-01-01 … 2100-01-01 in one of four units; these four
    // windows do not overlap, so that the magnitude names the unit.
    private const long PlausibleSecondsMin = 946_684_800;
    private const long PlausibleSecondsMax = 4_102_444_800;

    private const NumberStyles NumberStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a number of <paramref name="precision"/> units; digits below 1 ns are cut.</summary>
    public static TimeOutcome ReadNumber(ReadOnlySpan<byte> text, TimePrecision precision, out long time)
    {
        Utf8NumberStatus status = Utf8Number.ParseInt64(text, out long whole);
        if (status == Utf8NumberStatus.Parsed)
        {
            return Timestamp.TryFrom(whole, precision, out time) ? TimeOutcome.Parsed : TimeOutcome.OutOfRange;
        }

        time = 0;
        return status == Utf8NumberStatus.OutOfRange ? TimeOutcome.OutOfRange
            : !Utf8Number.IsDecimal(text) ? TimeOutcome.NotATime
            : !decimal.TryParse(text, NumberStyle, CultureInfo.InvariantCulture, out decimal value)
                ? TimeOutcome.OutOfRange
            : FromDecimal(value, precision, out time);
    }

    /// <summary>Reads a number whose magnitude names its unit.</summary>
    public static TimeOutcome ReadPlausibleNumber(ReadOnlySpan<byte> text, out long time)
    {
        time = 0;
        if (!Utf8Number.TryParseDouble(text, out double value))
        {
            return TimeOutcome.NotATime;
        }

        double unitsPerSecond = 1;
        for (TimePrecision precision = TimePrecision.Seconds; ; precision--)
        {
            if (value >= PlausibleSecondsMin * unitsPerSecond && value < PlausibleSecondsMax * unitsPerSecond)
            {
                return ReadNumber(text, precision, out time);
            }

            if (precision == TimePrecision.Nanoseconds)
            {
                return TimeOutcome.NotATime;
            }

            unitsPerSecond *= 1_000;
        }
    }

    /// <summary>
    /// Reads an ISO 8601 date and time: <c>2026-01-15T13:45:02.123456789+08:00</c>; seconds and their fraction may be
    /// missing, a space or a lower-case t may stand for the T.
    /// </summary>
    public static TimeOutcome ReadIso(ReadOnlySpan<byte> text, out long time) =>
        ReadIso(text, zoneMinutes: null, out time);

    /// <summary>The same, for times that may name no zone because it is known.</summary>
    /// <param name="text">The time.</param>
    /// <param name="zoneMinutes">Minutes east of UTC of a time without a zone; null: such a time is none.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    public static TimeOutcome ReadIso(ReadOnlySpan<byte> text, int? zoneMinutes, out long time) =>
        ReadIso(text, zoneMinutes, default, out time);

    /// <summary>The same, where the gateway's zone is known too; the first one counts.</summary>
    public static TimeOutcome ReadIso(
        ReadOnlySpan<byte> text, int? zoneMinutes, LocalTimes local, out long time)
    {
        time = 0;
        if (!LooksLikeIso(text))
        {
            return TimeOutcome.NotATime;
        }

        var cursor = new DigitCursor(text);
        int year = cursor.Read(4, '-');
        int month = cursor.Read(2, '-');
        int day = cursor.Read(2, '\0');
        bool isTimeOfDay = cursor.TrySkip('T') || cursor.TrySkip('t') || cursor.TrySkip(' ');
        int hour = cursor.Read(2, ':');
        int minute = cursor.Read(2, '\0');
        int second = cursor.TrySkip(':') ? cursor.Read(2, '\0') : 0;
        long nanosecond = cursor.TrySkip('.') || cursor.TrySkip(',') ? cursor.ReadFraction() : 0;
        if (cursor.HasFailed || !isTimeOfDay || hour > 23 || minute > 59 || second > 59
            || month is 0 or > 12 || year == 0 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return TimeOutcome.Invalid;
        }

        bool isLocal = cursor.IsAtEnd && zoneMinutes is null;
        if (isLocal && local.Zone is null)
        {
            return TimeOutcome.WithoutZone;
        }

        int offsetMinutes = zoneMinutes ?? 0;
        if (!cursor.IsAtEnd && !cursor.TryReadOffset(out offsetMinutes))
        {
            return TimeOutcome.Invalid;
        }

        long days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        long seconds = (((((days * 24) + hour) * 60) + minute - offsetMinutes) * 60) + second;
        seconds = isLocal ? local.ToUtc(seconds) : seconds;
        Int128 nanoseconds = ((Int128)seconds * Timestamp.NanosecondsPerSecond) + nanosecond;
        if (nanoseconds < long.MinValue || nanoseconds > long.MaxValue)
        {
            return TimeOutcome.OutOfRange;
        }

        time = (long)nanoseconds;
        return TimeOutcome.Parsed;
    }

    /// <summary>The reason to refuse a time with.</summary>
    public static FaultReason ReasonOf(TimeOutcome outcome) => outcome switch
    {
        TimeOutcome.WithoutZone => FaultReason.TimeWithoutZone,
        TimeOutcome.OutOfRange => FaultReason.TimeOutOfRange,
        _ => FaultReason.InvalidTime,
    };

    private static TimeOutcome FromDecimal(decimal value, TimePrecision precision, out long time)
    {
        long unit = Timestamp.NanosecondsPer(precision);
        if (Math.Abs(value) > long.MaxValue / unit)
        {
            time = 0;
            return TimeOutcome.OutOfRange;
        }

        time = (long)decimal.Floor(value * unit);
        return TimeOutcome.Parsed;
    }

    private static bool LooksLikeIso(ReadOnlySpan<byte> text) =>
        text.Length >= 10 // 2026-01-15
        && text[4] == '-'
        && text[7] == '-'
        && !text[..4].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Reads runs of digits; the first fault stays.</summary>
    private ref struct DigitCursor(ReadOnlySpan<byte> text)
    {
        private const int FractionDigitsMax = 9; // 1 ns

        private readonly ReadOnlySpan<byte> _text = text;
        private int _position;

        public bool HasFailed { get; private set; }

        public readonly bool IsAtEnd => _position == _text.Length;

        /// <summary>Reads exactly so many digits and, unless it is NUL, the separator behind them.</summary>
        public int Read(int digits, char separator)
        {
            int value = 0;
            for (int i = 0; i < digits; i++, _position++)
            {
                if (_position >= _text.Length || !char.IsAsciiDigit((char)_text[_position]))
                {
                    HasFailed = true;
                    return 0;
                }

                value = (value * 10) + (_text[_position] - '0');
            }

            HasFailed |= separator != '\0' && !TrySkip(separator);
            return value;
        }

        /// <summary>Reads one to nine digits as nanoseconds.</summary>
        public long ReadFraction()
        {
            int digits = 0;
            long value = 0;
            while (_position < _text.Length && char.IsAsciiDigit((char)_text[_position]))
            {
                value = digits < FractionDigitsMax ? (value * 10) + (_text[_position] - '0') : value;
                digits++;
                _position++;
            }

            HasFailed |= digits is 0 or > FractionDigitsMax;
            for (int i = digits; i < FractionDigitsMax; i++)
            {
                value *= 10;
            }

            return value;
        }

        public bool TrySkip(char c)
        {
            bool stands = _position < _text.Length && _text[_position] == c;
            _position += stands ? 1 : 0;
            return stands;
        }

        /// <summary>Reads <c>Z</c>, <c>+08:00</c>, <c>+0800</c> or <c>+08</c> up to the end of the text.</summary>
        public bool TryReadOffset(out int minutes)
        {
            minutes = 0;
            if (TrySkip('Z') || TrySkip('z'))
            {
                return IsAtEnd;
            }

            bool isEast = TrySkip('+');
            if (!isEast && !TrySkip('-'))
            {
                return false;
            }

            int hours = Read(2, '\0');
            int rest = TrySkip(':') || !IsAtEnd ? Read(2, '\0') : 0;
            minutes = ((hours * 60) + rest) * (isEast ? 1 : -1);
            return !HasFailed && IsAtEnd && hours < 24 && rest < 60;
        }
    }
}
