using System.Globalization;
using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// The way of a message from the spool into a batch, by routes as a site file has them; written down as people read it.
/// </summary>
internal static class GatewayDecoding
{
    private const string Site = "site: pilot\nroutes:\n";
    private static readonly DateTimeOffset Arrival = new(2026, 1, 15, 6, 0, 0, TimeSpan.Zero);

    /// <summary>Points as lines that begin with <c>out</c>, and what was refused as one that begins with <c>fault</c>.
    /// </summary>
    public static async Task<List<string>> DecodeAsync(string routes, string topic, byte[] payload)
    {
        SiteLoad load = SiteFile.Load(Site + routes, "site.yaml");
        Assert.Empty(load.Faults);
        using var log = new TestLog { Arrival = Arrival.ToUnixTimeMilliseconds() * 1_000_000 };
        await log.AppendAsync(topic, payload);
        var catalogue = new SeriesCatalogue();
        var context = new DecodingContext(load.Catalogue!, catalogue, new UnboundNames(), long.MaxValue);
        var decoder = new RecordDecoder(context, metrics: null);
        var batch = new PointBatch();
        using SpoolReader reader = log.Log.OpenReader(0);
        Assert.True(decoder.TryFill(batch, reader, log.Log.DurableOffset));
        return Write(batch, catalogue);
    }

    private static List<string> Write(PointBatch batch, SeriesCatalogue catalogue)
    {
        var lines = new List<string>();
        foreach (PointEntry point in batch.Points)
        {
            string series = Encoding.UTF8.GetString(catalogue.SeriesAt(point.SeriesId).Key.Span);
            var line = new StringBuilder($"out    {series}");
            foreach (SampleEntry sample in batch.SamplesOf(point))
            {
                line.Append(' ').Append(catalogue.FieldAt(sample.FieldId).Name).Append('=');
                line.Append(ValueOf(batch, sample)).Append(QualityOf(sample.Quality));
            }

            bool isArrival = (point.Flags & PointFlags.ArrivalTime) != 0;
            lines.Add(line.Append(isArrival ? " @arrival" : $" @{TimeOf(point.Time)}").ToString());
        }

        foreach (RecordEntry record in batch.Records)
        {
            if (record.Fate == RecordFate.Quarantined)
            {
                lines.Add($"fault  {(FaultReason)record.FaultReason}@{record.FaultOffset}");
            }
            else
            {
                Assert.Equal(lines.Count > 0 ? RecordFate.Decoded : RecordFate.NotAMeasurement, record.Fate);
            }
        }

        return lines;
    }

    private static string ValueOf(PointBatch batch, in SampleEntry sample) => sample.Type switch
    {
        FieldType.Float => BitConverter.Int64BitsToDouble(sample.Bits).ToString(CultureInfo.InvariantCulture),
        FieldType.Integer => sample.Bits.ToString(CultureInfo.InvariantCulture) + "i",
        FieldType.Unsigned => ((ulong)sample.Bits).ToString(CultureInfo.InvariantCulture) + "u",
        FieldType.Boolean => sample.Bits != 0 ? "true" : "false",
        _ => $"\"{Encoding.UTF8.GetString(batch.TextOf(sample))}\"",
    };

    private static string QualityOf(byte quality) => quality switch
    {
        Quality.Good => "",
        Quality.Uncertain => "(uncertain)",
        Quality.Bad => "(bad)",
        _ => $"(q{quality})",
    };

    private static string TimeOf(long nanoseconds)
    {
        long second = Math.DivRem(nanoseconds, 1_000_000_000, out long fraction);
        string digits = fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        string text = DateTimeOffset.FromUnixTimeSeconds(second).ToString("s", CultureInfo.InvariantCulture);
        return digits.Length > 0 ? $"{text}.{digits}Z" : $"{text}Z";
    }
}
