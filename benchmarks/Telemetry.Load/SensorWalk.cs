using System.Globalization;
using System.Text;

namespace Telemetry.Load;

/// <summary>
/// What the stores are filled with: sensors that walk at random with one decimal, every ten seconds. Fifty of them over
/// a month, and one over a year. The same seed gives the same bytes.
/// </summary>
internal sealed class SensorWalk(int days)
{
    public const int SignalCount = 50;
    public const int YearDays = 365;
    public const long Step = 10;
    private const long Day = 86_400;
    private const int LinesPerBody = 10_000;

    /// <summary>
    /// Behind the last sample, in seconds since 1970: a whole day before now, so that all is of the past.
    /// </summary>
    public long End { get; } = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / Day * Day) - Day;

    /// <summary>Begin of the month.</summary>
    public long Begin => End - (days * Day);

    /// <summary>Begin of the year of the one signal.</summary>
    public long YearBegin => End - (YearDays * Day);

    /// <summary>How many samples there are.</summary>
    public long SampleCount => ((SignalCount * days) + YearDays) * Day / Step;

    /// <summary>Bodies in line protocol with times in seconds, in order of time.</summary>
    public IEnumerable<byte[]> Bodies()
    {
        var random = new Random(1);
        var text = new StringBuilder();
        int lines = 0;
        double[] values = [.. Enumerable.Range(0, SignalCount + 1).Select(i => 20.0 + i)];
        for (long time = YearBegin; time < End; time += Step)
        {
            Append("year", SignalCount, time);
            for (int i = 0; time >= Begin && i < SignalCount; i++)
            {
                Append("load", i, time);
            }

            if (lines >= LinesPerBody || time + Step >= End)
            {
                yield return Encoding.ASCII.GetBytes(text.ToString());
                text.Clear();
                lines = 0;
            }
        }

        void Append(string measurement, int signal, long time)
        {
            values[signal] = Math.Round(values[signal] + (random.Next(-5, 6) / 10.0), 1);
            text.Append(
                CultureInfo.InvariantCulture, $"{measurement},asset=A{signal:D2} value={values[signal]} {time}\n");
            lines++;
        }
    }
}
