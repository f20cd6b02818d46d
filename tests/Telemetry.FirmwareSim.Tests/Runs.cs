using System.Globalization;
using System.Text;
using System.Text.Json;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim.Tests;

/// <summary>One sample as an independent reader finds it in a payload.</summary>
internal readonly record struct ReadSample(string Signal, double Value, long Time);

/// <summary>Runs gateways without a socket and reads what they say with parsers of its own.</summary>
internal static class Runs
{
    public static readonly SiteCatalogue Site = DefaultSite.Load();

    public static readonly DateTimeOffset Winter = new(2026, 1, 19, 16, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Summer = new(2026, 7, 13, 0, 0, 0, TimeSpan.Zero);

    public static GatewayPayloads Open(
        string gateway, DateTimeOffset start, SimulatorOptions? options = null, FaultBoard? faults = null) => new(
            Site,
            Site.Gateways.Single(known => known.Id == gateway),
            options ?? new SimulatorOptions(),
            Timestamp.From(start),
            faults ?? new FaultBoard(speedFactor: 1));

    /// <summary>All samples of a gateway over some time.</summary>
    public static IEnumerable<ReadSample> Read(
        string gateway,
        DateTimeOffset start,
        double seconds,
        SimulatorOptions? options = null,
        FaultBoard? faults = null)
    {
        GatewayPayloads payloads = Open(gateway, start, options, faults);
        long until = Timestamp.From(start.AddSeconds(seconds));
        while (TryRead(payloads, until, out List<ReadSample> samples))
        {
            foreach (ReadSample sample in samples)
            {
                yield return sample;
            }
        }
    }

    public static List<ReadSample> Parse(string topic, string body) => topic.Split('/')[0] switch
    {
        "telegraf" => ParseLines(body),
        "iotgateway" => ParseValues(body),
        _ => ParseFlat(topic.Split('/')[4], body),
    };

    private static bool TryRead(GatewayPayloads payloads, long until, out List<ReadSample> samples)
    {
        bool isThere = payloads.TryNext(until, out GatewayPayload payload);
        samples = isThere ? Parse(Encoding.UTF8.GetString(payload.Topic), Encoding.UTF8.GetString(payload.Body)) : [];
        Assert.Equal(isThere ? payload.SampleCount : 0, samples.Count);
        return isThere;
    }

    private static List<ReadSample> ParseLines(string body)
    {
        var samples = new List<ReadSample>();
        Assert.EndsWith("\n", body, StringComparison.Ordinal);
        foreach (string line in body.TrimEnd('\n').Split('\n'))
        {
            string[] parts = line.Split(' ');
            Assert.Equal(3, parts.Length);
            var tags = parts[0].Split(',').Skip(1)
                .Select(tag => tag.Split('='))
                .ToDictionary(tag => tag[0], tag => tag[1]);
            Assert.Equal(["area", "asset", "site"], tags.Keys);
            foreach (string[] field in parts[1].Split(',').Select(field => field.Split('=')))
            {
                samples.Add(new ReadSample($"{tags["asset"]}.{field[0]}", Number(field[1]), long.Parse(parts[2])));
            }
        }

        return samples;
    }

    private static List<ReadSample> ParseValues(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return
        [
            .. document.RootElement.GetProperty("values").EnumerateArray().Select(sample => new ReadSample(
                sample.GetProperty("id").GetString()!,
                sample.GetProperty("v").GetDouble(),
                sample.GetProperty("t").GetInt64() * Timestamp.NanosecondsPerMillisecond)),
        ];
    }

    private static List<ReadSample> ParseFlat(string asset, string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        long time = document.RootElement.GetProperty("time").GetInt64() * Timestamp.NanosecondsPerMillisecond;
        return
        [
            .. document.RootElement.EnumerateObject()
                .Where(property => property.Name != "time")
                .Select(property => new ReadSample($"{asset}.{property.Name}", property.Value.GetDouble(), time)),
        ];
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
