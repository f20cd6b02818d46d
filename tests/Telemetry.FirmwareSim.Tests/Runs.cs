using System.Globalization;
using System.Text;
using System.Text.Json;
using Telemetry.Buffers;
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

    /// <summary>Reads a payload whose bytes are the characters of a text.</summary>
    public static List<ReadSample> Parse(string topic, string body) => topic.Split('/')[0] switch
    {
        "telegraf" => ParseLines(body),
        "iotgateway" => ParseValues(body),
        "senml" => ParseSenml(body),
        "frame" => ParseFrame(topic.Split('/')[3], Encoding.Latin1.GetBytes(body)),
        _ => ParseFlat(topic.Split('/')[4], body),
    };

    private static bool TryRead(GatewayPayloads payloads, long until, out List<ReadSample> samples)
    {
        bool isThere = payloads.TryNext(until, out GatewayPayload payload);
        samples = isThere ? Parse(Encoding.UTF8.GetString(payload.Topic), Encoding.Latin1.GetString(payload.Body)) : [];
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

    private static List<ReadSample> ParseSenml(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement first = document.RootElement[0];
        string device = first.GetProperty("bn").GetString()!;
        Assert.EndsWith("/", device, StringComparison.Ordinal);
        long time = (long)(first.GetProperty("bt").GetDecimal() * Timestamp.NanosecondsPerSecond);
        return
        [
            .. document.RootElement.EnumerateArray().Select(record => new ReadSample(
                $"{device[..^1]}.{record.GetProperty("n").GetString()}", record.GetProperty("v").GetDouble(), time)),
        ];
    }

    private static List<ReadSample> ParseFrame(string asset, byte[] frame)
    {
        using var reader = new BinaryReader(new MemoryStream(frame));
        Assert.Equal("TF\u0001", Encoding.ASCII.GetString(reader.ReadBytes(3)));
        reader.ReadUInt32(); // the sequence number
        long time = reader.ReadInt64() * Timestamp.NanosecondsPerMillisecond;
        int count = reader.ReadUInt16();
        var samples = new List<ReadSample>();
        for (int i = 0; i < count; i++)
        {
            string name = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadByte()));
            Assert.Equal((0, 192), (reader.ReadInt32(), reader.ReadByte()));
            double power = Math.Pow(10, reader.ReadByte());
            samples.Add(new ReadSample($"{asset}.{name}", reader.ReadInt32() / power, time));
        }

        Assert.Equal(Crc32C.Append(0, frame.AsSpan(0, frame.Length - 4)), reader.ReadUInt32());
        Assert.Equal(frame.Length, reader.BaseStream.Position);
        return samples;
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
