using System.Globalization;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl.Tests;

/// <summary>What a sample has beside its value.</summary>
/// <param name="Quality">OPC byte.</param>
/// <param name="Source">Number in the catalogue; 0 without.</param>
/// <param name="Correction">What was done to its time.</param>
/// <param name="Arrival">Milliseconds since 1970; null for the sample's own time.</param>
internal sealed record Mark(
    byte Quality = Model.Quality.Good, int Source = 0, TimeCorrection Correction = default, long? Arrival = null);

/// <summary>
/// Samples in sorted dictionaries: slow, and easy to believe. Cuts what it gives into chunks of a chosen size and
/// offers the summary of each full one, so that a test can ask the same question with and without summaries.
/// </summary>
public sealed class NaiveSampleSource(int chunkCount = int.MaxValue) : ISampleSource
{
    private readonly Dictionary<long, Mark> _marks = [];
    private readonly Dictionary<int, SortedDictionary<long, (long Bits, string Text)>> _samples = [];

    public SeriesCatalogue Catalogue { get; } = new();

    /// <summary>False where every sample is to be read.</summary>
    public bool OffersSummaries { get; init; } = true;

    /// <summary>How many summaries readers took.</summary>
    public int SummaryCount { get; private set; }

    /// <summary>How many samples readers were given.</summary>
    public int SampleCount { get; private set; }

    /// <summary>Adds points in line protocol with times in nanoseconds; a faulty line is the test's mistake.</summary>
    public NaiveSampleSource Add(params IEnumerable<string> lines)
    {
        foreach (string line in lines.Where(line => line.Length > 0))
        {
            AddLine(line);
        }

        return this;
    }

    /// <summary>Says where all samples of one time come from; without it they are good and came at once.</summary>
    internal NaiveSampleSource With(long time, Mark mark)
    {
        _marks[time] = mark;
        return this;
    }

    public void Read<TVisitor>(int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        if (!_samples.TryGetValue(fieldId, out SortedDictionary<long, (long Bits, string Text)>? samples))
        {
            return;
        }

        FieldType type = Catalogue.FieldAt(fieldId).Type;
        foreach (KeyValuePair<long, (long Bits, string Text)>[] chunk in samples
            .Where(sample => sample.Key >= from && sample.Key < to)
            .Chunk(chunkCount))
        {
            if (OffersSummaries
                && type is FieldType.Float or FieldType.Integer or FieldType.Unsigned
                && visitor.Summaries is { SpanMax: > 0, WithDetail: false } wish
                && chunk[^1].Key - chunk[0].Key < wish.SpanMax
                && visitor.WantsSummary(chunk[0].Key, chunk[^1].Key)
                && SummaryOf(chunk, type) is var summary && visitor.Accepts(summary))
            {
                SummaryCount++;
                visitor.OnSummary(summary);
            }
            else if (!GiveSamples(chunk, type, ref visitor))
            {
                return;
            }
        }
    }

    private bool GiveSamples<TVisitor>(
        KeyValuePair<long, (long Bits, string Text)>[] chunk, FieldType type, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct
    {
        var text = new MemoryStream();
        long[] bits = new long[chunk.Length];
        for (int i = 0; i < chunk.Length; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(chunk[i].Value.Text);
            bits[i] = type == FieldType.String ? (text.Length << 32) | (uint)bytes.Length : chunk[i].Value.Bits;
            text.Write(bytes);
        }

        SampleCount += chunk.Length;
        Mark[] marks = [.. chunk.Select(sample => _marks.GetValueOrDefault(sample.Key, new Mark()))];
        Mark[] wanted = visitor.WantsProvenance ? marks : [];
        return visitor.OnSamples(new SampleBlock
        {
            Times = chunk.Select(sample => sample.Key).ToArray(),
            Bits = bits,
            Qualities = marks.Select(mark => mark.Quality).ToArray(),
            Text = text.ToArray(),
            Type = type,
            Arrivals = wanted.Select((mark, i) => mark.Arrival ?? (chunk[i].Key / 1_000_000)).ToArray(),
            Sources = wanted.Select(mark => (long)mark.Source).ToArray(),
            Corrections = wanted.Select(mark => mark.Correction.Nanoseconds).ToArray(),
            Uncertainties = wanted.Select(mark => mark.Correction.Uncertainty).ToArray(),
        });
    }

    private static SampleSummary SummaryOf(KeyValuePair<long, (long Bits, string Text)>[] chunk, FieldType type)
    {
        double[] values =
        [
            .. chunk.Select(sample => type switch
            {
                FieldType.Float => BitConverter.Int64BitsToDouble(sample.Value.Bits),
                FieldType.Unsigned => (ulong)sample.Value.Bits,
                _ => sample.Value.Bits,
            }),
        ];
        (long first, long last) = (chunk[0].Key, chunk[^1].Key);
        return new SampleSummary(
            values.Length, first, last, values[0], values[^1], values.Min(), values.Max(), values.Sum());
    }

    private void AddLine(string line)
    {
        int seriesEnd = EndOf(line, 0, ' ');
        int fieldsEnd = EndOf(line, seriesEnd + 1, ' ');
        byte[] key = Encoding.UTF8.GetBytes(line[..seriesEnd]);
        byte[] canonical = SeriesKey.Render(MeasurementOf(key), SeriesKey.Parse(key, out _));
        long time = long.Parse(line.AsSpan(fieldsEnd + 1), CultureInfo.InvariantCulture);
        for (int start = seriesEnd + 1; start < fieldsEnd;)
        {
            int equals = EndOf(line, start, '=');
            int end = Math.Min(EndOf(line, equals + 1, ','), fieldsEnd);
            string name = SeriesKey.Unescape(Encoding.UTF8.GetBytes(line[start..equals]));
            AddSample(canonical, name, line[(equals + 1)..end], time);
            start = end + 1;
        }
    }

    private static string MeasurementOf(byte[] key)
    {
        SeriesKey.Parse(key, out string measurement);
        return measurement;
    }

    private void AddSample(byte[] key, string name, string value, long time)
    {
        (FieldType type, long bits, string text) = Read(value);
        if (Catalogue.TryIntern(key, name, type, out Field? field) != InternOutcome.Interned)
        {
            throw new InvalidOperationException($"the test's points disagree on the type of {name}");
        }

        if (!_samples.TryGetValue(field!.Id, out SortedDictionary<long, (long Bits, string Text)>? samples))
        {
            _samples.Add(field.Id, samples = []);
        }

        samples[time] = (bits, text);
    }

    private static (FieldType Type, long Bits, string Text) Read(string value) => value[^1] switch
    {
        '"' => (FieldType.String, 0, value[1..^1].Replace("\\\"", "\"").Replace("\\\\", "\\")),
        'i' => (FieldType.Integer, long.Parse(value.AsSpan(0, value.Length - 1), CultureInfo.InvariantCulture), ""),
        'u' => (
            FieldType.Unsigned,
            (long)ulong.Parse(value.AsSpan(0, value.Length - 1), CultureInfo.InvariantCulture),
            ""),
        'e' or 't' or 'T' => (FieldType.Boolean, value[0] is 't' or 'T' ? 1 : 0, ""),
        _ => (
            FieldType.Float,
            BitConverter.DoubleToInt64Bits(double.Parse(value, CultureInfo.InvariantCulture)),
            ""),
    };

    /// <summary>Where the next <paramref name="wanted"/> stands outside quotes and escapes.</summary>
    private static int EndOf(string line, int start, char wanted)
    {
        bool quoted = false;
        for (int i = start; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (IsValueQuote(line, i, quoted))
            {
                quoted = !quoted;
            }
            else if (line[i] == wanted && !quoted)
            {
                return i;
            }
        }

        return line.Length;
    }

    /// <summary>A quote opens a string only right after the equals sign; field keys may hold quotes.</summary>
    private static bool IsValueQuote(string line, int index, bool quoted) =>
        line[index] == '"' && (quoted || (index > 0 && line[index - 1] == '='));
}
