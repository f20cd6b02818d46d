using System.Globalization;

namespace Telemetry.Payloads.Tests.Sparkplug;

/// <summary>What an encoder meant is what the decoder reads, in whatever order and width it writes it.</summary>
public sealed class SparkplugAgreementTests
{
    private const int GeneratedCount = 20_000;
    private const int Seed = 41;

    [Fact]
    public void Generated_payloads_are_read_as_they_were_meant()
    {
        var random = new Random(Seed);
        var decoder = new SparkplugDecoder();
        for (int i = 0; i < GeneratedCount; i++)
        {
            (byte[] payload, string expected) = Generate(random);
            var recorder = new PointRecorder();
            DecodeStatus status = decoder.Decode(
                payload, new DecodeContext { Series = "m"u8 }, ref recorder, out _);
            Assert.NotEqual(DecodeStatus.Faulted, status);
            string found = string.Concat(recorder.Points.SelectMany(point =>
            {
                string[] parts = point.Split('|');
                return parts[1..^1].Select(field => $"{field}{parts[^1]}\n");
            }));
            Assert.Equal((Convert.ToHexString(payload), expected), (Convert.ToHexString(payload), found));
        }
    }

    private static (byte[] Payload, string Expected) Generate(Random random)
    {
        const long Year = 1_767_225_600_000; // 2026
        var payload = new List<byte[]>();
        string expected = "";
        long? payloadTime = random.Next(8) == 0 ? null : Year + random.Next(1_000);
        for (int metrics = random.Next(6); metrics > 0; metrics--)
        {
            string name = new[] { "Inputs/A", "temp", "ü b", "x" }[random.Next(4)];
            long? time = random.Next(3) == 0 ? null : Year + random.Next(3);
            List<byte[]> fields = [new SparkplugMaker().Text(1, name).Bytes];
            fields.AddRange(time is null ? [] : [new SparkplugMaker().Varint(3, (ulong)time.Value).Bytes]);
            fields.AddRange(random.Next(4) == 0 ? [new SparkplugMaker().Varint(2, 7).Text(21, "more").Bytes] : []);
            string? value = AddValue(random, fields);
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fields));
            payload.Add(new SparkplugMaker().Content(2, [.. fields.SelectMany(f => f)]).Bytes);
            string at = (time ?? payloadTime) is { } known ? $"@{known * 1_000_000}" : "@-";
            expected += value is null ? "" : $"{name}={value}{at}\n";
        }

        int place = random.Next(payload.Count + 1);
        payload.Insert(place, new SparkplugMaker().Varint(3, (ulong)random.Next(256)).Bytes);
        if (payloadTime is not null)
        {
            payload.Insert(random.Next(payload.Count + 1), new SparkplugMaker().Varint(1, (ulong)payloadTime).Bytes);
        }

        return ([.. payload.SelectMany(part => part)], expected);
    }

    private static string? AddValue(Random random, List<byte[]> fields)
    {
        var member = new SparkplugMaker();
        int type = random.Next(1, 16);
        long number = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        string? value;
        switch (type)
        {
            case 9:
                float single = random.Next(9) == 0 ? float.NaN : (float)(random.Next(-10_000, 10_000) / 7.0);
                member.Single(12, single);
                value = float.IsNaN(single) ? null
                    : "f:" + ((double)single).ToString("R", CultureInfo.InvariantCulture);
                break;
            case 10:
                double precise = random.Next(-10_000, 10_000) / 7.0;
                member.Double(13, precise);
                value = "f:" + precise.ToString("R", CultureInfo.InvariantCulture);
                break;
            case 11:
                member.Varint(14, (ulong)(number & 1));
                value = $"b:{number & 1}";
                break;
            case 12 or 14 or 15:
                member.Text(15, $"text {number} ü");
                value = $"s:text {number} ü";
                break;
            default:
                value = AddWhole(random, member, type, number);
                break;
        }

        fields.Add(member.Bytes);
        fields.Add(new SparkplugMaker().Varint(4, (ulong)type).Bytes);
        if (random.Next(10) == 0)
        {
            fields.Add(new SparkplugMaker().Varint(7, 1).Bytes);
            return null;
        }

        return value;
    }

    private static string AddWhole(Random random, SparkplugMaker member, int type, long number)
    {
        long meant = type switch
        {
            1 => (sbyte)number,
            2 => (short)number,
            3 => (int)number,
            5 => (byte)number,
            6 => (ushort)number,
            7 => (uint)number,
            13 => number & long.MaxValue,
            _ => number,
        };
        bool isLong = type is 4 or 8 or 13 || random.Next(4) == 0;
        ulong bare = type switch { 1 => (byte)meant, 2 => (ushort)meant, _ => isLong ? (ulong)meant : (uint)meant };
        ulong extended = isLong ? (ulong)meant : (uint)meant;
        member.Varint(isLong ? 11 : 10, random.Next(2) == 0 ? bare : extended);
        return type == 8 ? $"u:{(ulong)meant}" : $"i:{meant}";
    }
}
