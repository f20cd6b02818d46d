using System.Buffers;
using Telemetry.Influx;

namespace Telemetry.Ingestion;

/// <summary>
/// Sends lines until the server has answered for every one. What it refuses is taken out by the names or numbers that
/// it gives, or else halved to find the point it means; what is older than it keeps is set apart; what it says in words
/// that are not known to be about points is held. One sender belongs to one task; several share the server.
/// </summary>
/// <param name="server">Where to.</param>
internal sealed class LineSender(SinkServer server)
{
    /// <summary>Points refused in unknown words before it is believed that the server takes none.</summary>
    private const int UnclearMax = 4;
    private readonly InfluxMetrics _metrics = server.Metrics;
    private readonly RetrySchedule _schedule = new(new Random(server.Options.Url.Length).NextDouble);
    private volatile bool _isWaiting;

    /// <summary>True while the server takes nothing of this sender.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Completes when the server has answered for every line.</summary>
    /// <returns>What became of them.</returns>
    public async Task<SinkCounts> SendAsync(
        ReadOnlyMemory<byte> lines, int count, CancellationToken cancellationToken)
    {
        await server.RefreshAsync(cancellationToken);
        while (true)
        {
            var attempt = new Attempt();
            await SendAsync(lines, count, attempt, cancellationToken);
            if (attempt.Unclear.Count > 0 && !attempt.IsProven)
            {
                string words = attempt.Unclear[0].Words;
                await WaitAsync(new WriteOutcome(WriteVerdict.Unclear, words, null), cancellationToken);
                continue; // nothing of it was answered for
            }

            await ConfirmAsync(attempt, cancellationToken);
            if (attempt.Counts.Refused > 0)
            {
                IngestionLog.InfluxRefusedPoints(server.Logger, attempt.Counts.Refused, count, attempt.LastWords);
            }

            return attempt.Counts;
        }
    }

    /// <summary>
    /// Points refused in unknown words are sent once more now that others were taken: a proxy may have come to its
    /// senses between. What is refused again is set apart.
    /// </summary>
    private async Task ConfirmAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        (ReadOnlyMemory<byte> Line, string Words)[] suspects = [.. attempt.Unclear];
        attempt.Unclear.Clear();
        foreach ((ReadOnlyMemory<byte> line, _) in suspects)
        {
            await SendAsync(line, 1, attempt, cancellationToken);
        }

        foreach ((ReadOnlyMemory<byte> line, string words) in attempt.Unclear)
        {
            Refuse(line.Span, SetApartReason.Refused, words, attempt);
        }
    }

    private async Task SendAsync(
        ReadOnlyMemory<byte> lines, int count, Attempt attempt, CancellationToken cancellationToken)
    {
        while (!attempt.IsGivenUp)
        {
            WriteOutcome outcome = await server.Writer.WriteAsync(lines, cancellationToken);
            _metrics.CountRequest(isFailure: IsFailure(outcome.Verdict));
            switch (outcome.Verdict)
            {
                case WriteVerdict.Accepted:
                    NoteRecovered(attempt);
                    _metrics.CountAccepted(count);
                    attempt.Took(count);
                    return;
                case WriteVerdict.BeyondRetention:
                    NoteRecovered(attempt);
                    Drop(lines.Span, count, Math.Min(outcome.DroppedCount, count), outcome.Text, attempt);
                    return;
                case WriteVerdict.Refused:
                    NoteRecovered(attempt);
                    await TakeOutAsync(lines, count, outcome, attempt, cancellationToken);
                    return;
                case WriteVerdict.Unclear or WriteVerdict.TooLarge when count > 1:
                    await HalveAsync(lines, count, attempt, cancellationToken);
                    return;
                case WriteVerdict.Unclear or WriteVerdict.TooLarge:
                    attempt.Suspect(lines, outcome.Text);
                    return;
                case WriteVerdict.NoBucket when await server.TryCreateAsync(cancellationToken):
                    break;
                default:
                    await WaitAsync(outcome, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>True when the same must be sent again.</summary>
    private static bool IsFailure(WriteVerdict verdict) =>
        verdict is WriteVerdict.TryLater or WriteVerdict.NotAllowed or WriteVerdict.NoBucket;

    /// <summary>Sets apart what the server means, and sends the rest.</summary>
    private async Task TakeOutAsync(
        ReadOnlyMemory<byte> lines,
        int count,
        WriteOutcome outcome,
        Attempt attempt,
        CancellationToken cancellationToken)
    {
        Learn(lines.Span, outcome);
        if (count == 1)
        {
            SetApartReason reason = outcome.Conflict is null ? SetApartReason.Refused : SetApartReason.TypeConflict;
            Refuse(lines.Span, reason, outcome.Text, attempt);
            return;
        }

        var rest = new ArrayBufferWriter<byte>(lines.Length);
        int restCount = Sift(lines.Span, outcome, rest, attempt);
        if (restCount == count)
        {
            await HalveAsync(lines, count, attempt, cancellationToken);
        }
        else if (restCount > 0)
        {
            await SendAsync(rest.WrittenMemory, restCount, attempt, cancellationToken);
        }
    }

    private async Task HalveAsync(
        ReadOnlyMemory<byte> lines, int count, Attempt attempt, CancellationToken cancellationToken)
    {
        int half = LineCut.After(lines.Span, count / 2);
        await SendAsync(lines[..half], count / 2, attempt, cancellationToken);
        await SendAsync(lines[half..], count - (count / 2), attempt, cancellationToken);
    }

    /// <summary>Takes note of the types that the server has otherwise.</summary>
    private void Learn(ReadOnlySpan<byte> lines, WriteOutcome outcome)
    {
        if (outcome.Conflict is { Measurement.Length: > 0 } conflict)
        {
            server.Learn(conflict, outcome.Text);
        }

        foreach (RefusedLine line in outcome.Lines ?? [])
        {
            int start = LineCut.After(lines, line.Number - 1);
            if (start < lines.Length && Refusal.ConflictIn(line.Words) is { } column)
            {
                server.Learn(column with { Measurement = LineFields.MeasurementOf(lines[start..]) }, line.Words);
            }
        }
    }

    /// <summary>Sets apart the lines that the server names by their field or number.</summary>
    /// <returns>How many others there are.</returns>
    private int Sift(ReadOnlySpan<byte> lines, WriteOutcome outcome, ArrayBufferWriter<byte> rest, Attempt attempt)
    {
        Dictionary<int, string> named = [];
        foreach (RefusedLine line in outcome.Lines ?? [])
        {
            named[line.Number] = line.Words;
        }

        int restCount = 0;
        int number = 0;
        for (int start = 0; start < lines.Length;)
        {
            int bytes = LineCut.After(lines[start..], 1);
            ReadOnlySpan<byte> line = lines.Slice(start, bytes);
            start += bytes;
            number++;
            if (outcome.Conflict is { } conflict && LineFields.Holds(line, conflict.Measurement, conflict.Field))
            {
                Refuse(line, SetApartReason.TypeConflict, outcome.Text, attempt);
            }
            else if (named.TryGetValue(number, out string? words))
            {
                Refuse(line, SetApartReason.Refused, words, attempt);
            }
            else
            {
                rest.Write(line);
                restCount++;
            }
        }

        return restCount;
    }

    private void Refuse(ReadOnlySpan<byte> line, SetApartReason reason, string words, Attempt attempt)
    {
        _metrics.CountRefused();
        server.SetApart.AddOldest(line, 1, reason, words);
        attempt.Refused(words);
    }

    private void Drop(ReadOnlySpan<byte> lines, int count, int dropped, string words, Attempt attempt)
    {
        _metrics.CountAccepted(count - dropped);
        _metrics.CountBeyondRetention(dropped);
        server.SetApart.AddOldest(lines, dropped, SetApartReason.BeyondRetention, words);
        IngestionLog.InfluxBeyondRetention(server.Logger, dropped, count);
        attempt.Took(count - dropped);
        attempt.Dropped(dropped);
        server.RefreshSoon();
    }

    private async Task WaitAsync(WriteOutcome outcome, CancellationToken cancellationToken)
    {
        _isWaiting = true;
        bool isHeld = outcome.Verdict != WriteVerdict.TryLater;
        if (isHeld && !_metrics.IsHeld)
        {
            IngestionLog.InfluxHeld(server.Logger, server.Options.Url, outcome.Text);
        }
        else if (!isHeld && _metrics.Fault is null)
        {
            IngestionLog.InfluxAway(server.Logger, server.Options.Url, outcome.Text);
        }

        _metrics.IsHeld = isHeld;
        _metrics.Fault = outcome.Text;
        await Task.Delay(_schedule.NextDelay(outcome.RetryAfter), server.Time, cancellationToken);
    }

    private void NoteRecovered(Attempt attempt)
    {
        attempt.IsProven = true;
        _isWaiting = false;
        if (_metrics.Fault is not null)
        {
            IngestionLog.InfluxBack(server.Logger, server.Options.Url, _schedule.Failures);
            _metrics.Fault = null;
            _metrics.IsHeld = false;
        }

        _schedule.Succeeded();
    }

    /// <summary>One body on its way, in halves or whole.</summary>
    private sealed class Attempt
    {
        private SinkCounts _counts;

        /// <summary>Points refused one by one in words that are not known to be about points.</summary>
        public List<(ReadOnlyMemory<byte> Line, string Words)> Unclear { get; } = [];

        /// <summary>The server has taken points of it, or refused some in words that are about points.</summary>
        public bool IsProven { get; set; }

        public SinkCounts Counts => _counts;

        /// <summary>It is not believed any more that the server takes anything.</summary>
        public bool IsGivenUp => !IsProven && Unclear.Count >= UnclearMax;

        public void Took(int count) => _counts.Stored += count;

        /// <summary>What the server said of the last point it refused.</summary>
        public string LastWords { get; private set; } = "";

        public void Refused(string words)
        {
            _counts.Refused++;
            LastWords = words;
        }

        public void Dropped(int count) => _counts.BeyondRetention += count;

        public void Suspect(ReadOnlyMemory<byte> line, string words) => Unclear.Add((line, words));
    }
}
