using System.Buffers.Text;
using System.Text;
using Telemetry.Influx;

namespace Telemetry.Ingestion;

/// <summary>The points of one series that a sink does not have.</summary>
/// <param name="Series">Measurement and tags.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many since the service started.</param>
/// <param name="FirstTime">Time of the oldest, nanoseconds since 1970.</param>
/// <param name="LastTime">Time of the newest, nanoseconds since 1970.</param>
/// <param name="Words">What the server said of the last of them.</param>
public sealed record SetApartSeries(
    string Series, SetApartReason Reason, long Count, long FirstTime, long LastTime, string Words);

/// <summary>
/// The points that a sink will never have, by name; they are in the embedded store. For any thread, with a ceiling.
/// </summary>
/// <param name="unit">Nanoseconds of one step of the times in lines.</param>
public sealed class SetApartPoints(long unit = 1) : IWithheldListener
{
    private const int SeriesCharactersMax = 200; // what a person reads of it
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Series, SetApartReason Reason), SetApartSeries> _series = [];
    private long _unlisted;

    /// <summary>All listed series, those with most points first.</summary>
    public IReadOnlyList<SetApartSeries> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _series.Values.OrderByDescending(series => series.Count)];
            }
        }
    }

    /// <summary>Points whose series did not fit in the list.</summary>
    public long Unlisted => Volatile.Read(ref _unlisted);

    /// <inheritdoc/>
    public void OnWithheld(ReadOnlySpan<byte> series, long time, SetApartReason reason, string words) =>
        Add(SeriesOf(series), time, reason, words);

    /// <summary>Notes the oldest lines of a body: those that a server with a retention policy drops.</summary>
    internal void AddOldest(ReadOnlySpan<byte> lines, int count, SetApartReason reason, string words)
    {
        var times = new List<long>();
        for (int start = 0; start < lines.Length;)
        {
            int bytes = LineCut.After(lines[start..], 1);
            times.Add(TimeOf(lines.Slice(start, bytes)));
            start += bytes;
        }

        times.Sort();
        long newest = times[Math.Min(count, times.Count) - 1];
        for (int start = 0; start < lines.Length && count > 0;)
        {
            int bytes = LineCut.After(lines[start..], 1);
            ReadOnlySpan<byte> line = lines.Slice(start, bytes);
            long time = TimeOf(line);
            if (time <= newest)
            {
                Add(SeriesOf(line), time * unit, reason, words);
                count--;
            }

            start += bytes;
        }
    }

    private void Add(string series, long time, SetApartReason reason, string words)
    {
        lock (_gate)
        {
            if (_series.TryGetValue((series, reason), out SetApartSeries? known))
            {
                _series[(series, reason)] = known with
                {
                    Count = known.Count + 1,
                    FirstTime = Math.Min(known.FirstTime, time),
                    LastTime = Math.Max(known.LastTime, time),
                    Words = words,
                };
            }
            else if (_series.Count < IngestionLimits.SetApartSeriesMax)
            {
                _series.Add((series, reason), new SetApartSeries(series, reason, 1, time, time, words));
            }
            else
            {
                _unlisted++;
            }
        }
    }

    private static long TimeOf(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out long time, out _) ? time : 0;

    private static string SeriesOf(ReadOnlySpan<byte> line)
    {
        int end = 0;
        while (end < line.Length && line[end] != ' ')
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        string series = Encoding.UTF8.GetString(line[..Math.Min(end, line.Length)]);
        return series.Length > SeriesCharactersMax ? series[..SeriesCharactersMax] + "…" : series;
    }
}
