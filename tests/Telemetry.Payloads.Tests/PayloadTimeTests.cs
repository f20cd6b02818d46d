using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

public sealed class PayloadTimeTests
{
    private const int GeneratedCount = 20_000;
    private const int Seed = 3;

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0L)]
    [InlineData("1970-01-01T00:00Z", 0L)]
    [InlineData("1969-12-31t23:59:59.999999999z", -1L)]
    [InlineData("2024-02-29 12:00:00+00", 1709208000_000_000_000L)]
    [InlineData("2026-01-15T13:45:02,5+0800", 1768455902_500_000_000L)]
    [InlineData("2262-04-11T23:47:16.854775807Z", long.MaxValue)]
    [InlineData("1677-09-21T00:12:43.145224192Z", long.MinValue)]
    public void Reads_ISO_times(string text, long expected) => Check(text, TimeOutcome.Parsed, expected);

    [Theory]
    [InlineData("2262-04-11T23:47:16.854775808Z", (int)TimeOutcome.OutOfRange)]
    [InlineData("9999-12-31T23:59:59Z", (int)TimeOutcome.OutOfRange)]
    [InlineData("2026-01-15T13:45:02", (int)TimeOutcome.WithoutZone)]
    [InlineData("2026-01-15 13:45", (int)TimeOutcome.WithoutZone)]
    [InlineData("2026-01-15", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T", (int)TimeOutcome.Invalid)]
    [InlineData("2026-13-15T13:45:02Z", (int)TimeOutcome.Invalid)]
    [InlineData("2025-02-29T13:45:02Z", (int)TimeOutcome.Invalid)]
    [InlineData("0000-01-01T13:45:02Z", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T24:00:00Z", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T13:60:00Z", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T13:45:02.Z", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T13:45:02.1234567890Z", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T13:45:02+24:00", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T13:45:02+08:60", (int)TimeOutcome.Invalid)]
    [InlineData("2026-01-15T13:45:02Zx", (int)TimeOutcome.Invalid)]
    [InlineData("15.01.2026 13:45", (int)TimeOutcome.NotATime)]
    [InlineData("1767225600", (int)TimeOutcome.NotATime)]
    [InlineData("", (int)TimeOutcome.NotATime)]
    public void Says_why_an_ISO_time_is_refused(string text, int expected) => Check(text, (TimeOutcome)expected, 0);

    [Theory]
    [InlineData("2026-01-15 13:45:02", null, "2026-01-15T04:45:02Z")]
    [InlineData("2026-01-15T13:45:02Z", null, "2026-01-15T13:45:02Z")] // it says so itself
    [InlineData("2026-01-15 13:45:02", 60, "2026-01-15T12:45:02Z")] // the route's own zone goes before
    public void A_local_time_is_read_in_the_gateways_zone(string text, int? zoneMinutes, string expected)
    {
        var local = new LocalTimes(new LocalZone("Asia/Seoul", 32_400), ArrivalTime: 0);
        Assert.Equal(
            TimeOutcome.Parsed,
            PayloadTime.ReadIso(Encoding.UTF8.GetBytes(text), zoneMinutes, local, out long time));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), Timestamp.ToDateTimeOffset(time));
    }

    [Fact]
    public void Generated_times_agree_with_the_base_library()
    {
        var random = new Random(Seed);
        for (int i = 0; i < GeneratedCount; i++)
        {
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            long ticks = random.NextInt64(TimeSpan.TicksPerDay * 365 * 300);
            DateTimeOffset instant = new DateTimeOffset(ticks, TimeSpan.Zero)
                .AddYears(1700)
                .ToOffset(offset);
            string fraction = "fffffff"[..random.Next(1, 8)];
            string text = instant.ToString($"yyyy-MM-ddTHH:mm:ss.{fraction}zzz", CultureInfo.InvariantCulture);
            Check(text, TimeOutcome.Parsed, Timestamp.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData("1767225600", TimePrecision.Seconds, 1767225600_000_000_000L)]
    [InlineData("1767225600.123456789", TimePrecision.Seconds, 1767225600_123_456_789L)]
    [InlineData("1.7672256e9", TimePrecision.Seconds, 1767225600_000_000_000L)]
    [InlineData("-1.5", TimePrecision.Milliseconds, -1_500_000L)]
    [InlineData("-0.5", TimePrecision.Nanoseconds, -1L)]
    public void Reads_numbers_in_their_precision(string text, TimePrecision precision, long expected)
    {
        Assert.Equal(
            TimeOutcome.Parsed, PayloadTime.ReadNumber(Encoding.UTF8.GetBytes(text), precision, out long time));
        Assert.Equal(expected, time);
    }

    [Theory]
    [InlineData("9223372036854775808", TimePrecision.Nanoseconds, (int)TimeOutcome.OutOfRange)]
    [InlineData("1e30", TimePrecision.Nanoseconds, (int)TimeOutcome.OutOfRange)]
    [InlineData("1e18", TimePrecision.Hours, (int)TimeOutcome.OutOfRange)]
    [InlineData("soon", TimePrecision.Seconds, (int)TimeOutcome.NotATime)]
    public void Says_why_a_number_is_no_time(string text, TimePrecision precision, int expected)
    {
        Assert.Equal(
            (TimeOutcome)expected, PayloadTime.ReadNumber(Encoding.UTF8.GetBytes(text), precision, out long time));
        Assert.Equal(0, time);
    }

    [Theory]
    [InlineData("946684799", false)]
    [InlineData("946684800", true)]
    [InlineData("4102444799", true)]
    [InlineData("4102444800", false)]
    [InlineData("946684800000", true)]
    [InlineData("4102444799999000000", true)]
    [InlineData("4102444800000000000", false)]
    [InlineData("-1767225600", false)]
    public void A_bare_number_is_a_time_only_inside_its_windows(string text, bool expected)
    {
        TimeOutcome outcome = PayloadTime.ReadPlausibleNumber(Encoding.UTF8.GetBytes(text), out _);
        Assert.Equal(expected ? TimeOutcome.Parsed : TimeOutcome.NotATime, outcome);
    }

    private static void Check(string text, TimeOutcome expected, long expectedTime)
    {
        TimeOutcome outcome = PayloadTime.ReadIso(Encoding.UTF8.GetBytes(text), out long time);
        Assert.Equal(expected, outcome);
        Assert.Equal(expectedTime, time);
    }
}
