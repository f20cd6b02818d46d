using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Model;
using Telemetry.Payloads.Tests.Cbor;

namespace Telemetry.Payloads.Tests.Senml;

/// <summary>Packs resolved beside the decoder by the words of RFC 8428, from the base library's document.</summary>
public sealed class SenmlAgreementTests
{
    private const int Seed = 37;

    private static readonly string[] Numbers = ["n", "u", "v", "vs", "vb", "s", "t", "ut", "vd"];
    private static readonly string[] Bases = ["bver", "bn", "bt", "bu", "bv", "bs"];

    [Fact]
    public void Generated_packs_are_resolved_as_the_standard_says_in_JSON_and_in_CBOR()
    {
        var random = new Random(Seed);
        var maker = new CborMaker(random);
        var decoder = new SenmlDecoder();
        int accepted = 0;
        for (int i = 0; i < RunLength.Compared; i++)
        {
            string pack = Generate(random);
            using var document = JsonDocument.Parse(pack);
            using var numbered = JsonDocument.Parse(WithNumbers(pack));
            string expected = Resolve(document.RootElement) ?? "refused";
            accepted += expected == "refused" ? 0 : 1;
            Assert.Equal((pack, expected), (pack, Read(decoder, Encoding.UTF8.GetBytes(pack))));
            Assert.Equal((pack, expected), (pack, Read(decoder, maker.Make(numbered.RootElement, numbersKeys: true))));
        }

        Assert.InRange(accepted, RunLength.Compared / 3, RunLength.Compared - (RunLength.Compared / 20));
    }

    private static string Read(SenmlDecoder decoder, byte[] pack)
    {
        var recorder = new OneByOne();
        DecodeStatus status = decoder.Decode(pack, new DecodeContext { Series = "m"u8 }, ref recorder, out _);
        return status == DecodeStatus.Faulted ? "refused" : recorder.Text.ToString();
    }

    /// <summary>Record by record: device, field, value, time; null when the pack is refused.</summary>
    private static string? Resolve(JsonElement pack)
    {
        var text = new StringBuilder();
        string baseName = "";
        string baseUnit = "";
        decimal baseTime = 0;
        double? baseValue = null;
        double? baseSum = null;
        foreach (JsonElement record in pack.EnumerateArray())
        {
            baseName = Text(record, "bn") ?? baseName;
            baseUnit = Text(record, "bu") ?? baseUnit;
            baseTime = record.TryGetProperty("bt", out JsonElement bt) ? bt.GetDecimal() : baseTime;
            baseValue = Number(record, "bv") ?? baseValue;
            baseSum = Number(record, "bs") ?? baseSum;
            if (record.EnumerateObject().Any(label => label.Name[^1] == '_'))
            {
                return null;
            }

            if (!record.EnumerateObject().Any(label => Numbers.Contains(label.Name)))
            {
                continue;
            }

            string name = baseName + Text(record, "n");
            string? word = Text(record, "vs");
            double? value = Number(record, "v");
            double? sum = Number(record, "s");
            bool isTruth = record.TryGetProperty("vb", out JsonElement truth);
            bool hasNothing = value is null && word is null && !isTruth && sum is null;
            if (name.Length == 0 || "-:./_".Contains(name[0]) || (hasNothing && baseValue is null && baseSum is null)
                || (value is not null ? 1 : 0) + (word is not null ? 1 : 0) + (isTruth ? 1 : 0) > 1)
            {
                return null;
            }

            decimal time = baseTime + (record.TryGetProperty("t", out JsonElement t) ? t.GetDecimal() : 0);
            string at = $"@{(time < 268_435_456 ? "now" : "")}{(long)(time * 1_000_000_000)}";
            string field = FieldOf(name, Text(record, "u") ?? baseUnit);
            value = value is not null || (hasNothing && baseValue is not null) ? (value ?? 0) + (baseValue ?? 0) : null;
            sum = sum is not null || baseSum is not null ? (sum ?? 0) + (baseSum ?? 0) : null;
            text.Append(value is null ? "" : $"{field}={value.Value:R}{at}\n");
            text.Append(isTruth ? $"{field}={(truth.GetBoolean() ? 1 : 0)}{at}\n" : "");
            text.Append(word is null ? "" : $"{field}={word}{at}\n");
            text.Append(sum is null ? "" : $"{field}_sum={sum.Value:R}{at}\n");
        }

        return text.ToString();
    }

    private static string FieldOf(string name, string unit)
    {
        int slash = name.LastIndexOf('/');
        string field = name[(slash + 1)..];
        string device = slash < 0 ? "" : name[..slash];
        field = field.Length > 0 ? field : unit.Length > 0 ? unit : "value";
        return $"{device}|{field}";
    }

    private static string? Text(JsonElement record, string label) =>
        record.TryGetProperty(label, out JsonElement value) ? value.GetString() : null;

    private static double? Number(JsonElement record, string label) =>
        record.TryGetProperty(label, out JsonElement value) ? value.GetDouble() : null;

    private static string Generate(Random random)
    {
        var pack = new JsonArray();
        for (int records = random.Next(1, 6); records > 0; records--)
        {
            var record = new JsonObject();
            string[] names = ["temp", "a", "x/y", "", "-b", "c:d"];
            MayAdd(4, "bn", () => new[] { "gw/", "plant/mill/", "te", "" }[random.Next(4)]);
            MayAdd(4, "bt", () => random.Next(2) == 0 ? random.Next(1_700_000_000, 1_800_000_000) : -12.5m);
            MayAdd(6, "bu", () => "Cel");
            MayAdd(8, "bv", () => random.Next(100) / 4.0);
            MayAdd(8, "bs", () => random.Next(100) / 4.0);
            if (random.Next(8) != 0)
            {
                record["n"] = names[random.Next(random.Next(8) == 0 ? names.Length : 3)];
                MayAdd(3, "u", () => "V");
                MayAdd(2, "t", () => random.Next(-1_000, 1_000) / 8m);
                MayAdd(9, "ut", () => 5);
                MayAdd(9, "x", () => new JsonArray(1, new JsonObject()));
                MayAdd(99, "x_", () => 1);
                AddValue(record, random.Next(16), random);
                MayAdd(5, "s", () => random.Next(1_000));
            }

            pack.Add(record);

            void MayAdd(int rarity, string label, Func<JsonNode> value)
            {
                if (random.Next(rarity) == 0)
                {
                    record[label] = value();
                }
            }
        }

        return pack.ToJsonString();
    }

    private static void AddValue(JsonObject record, int choice, Random random)
    {
        switch (choice)
        {
            case 0 or 1:
                record["vs"] = "word";
                break;
            case 2 or 3:
                record["vb"] = random.Next(2) == 0;
                break;
            case 4:
                break;
            case 5 when random.Next(4) == 0:
                record["v"] = 1;
                record["vb"] = true;
                break;
            default:
                record["v"] = random.Next(-10_000, 10_000) / 16.0;
                break;
        }
    }

    /// <summary>The pack with the numbers of RFC 8428 §6 for labels.</summary>
    private static string WithNumbers(string pack)
    {
        var numbered = new JsonArray();
        foreach (JsonNode? record in JsonNode.Parse(pack)!.AsArray())
        {
            var copy = new JsonObject();
            foreach ((string label, JsonNode? value) in record!.AsObject())
            {
                int index = Array.IndexOf(Numbers, label);
                int negative = Array.IndexOf(Bases, label);
                string key = index >= 0 ? $"{index}" : negative >= 0 ? $"{-1 - negative}" : label;
                copy[key] = value?.DeepClone();
            }

            numbered.Add(copy);
        }

        return numbered.ToJsonString();
    }

    /// <summary>Writes each field on a line, so that it does not matter what is gathered in a point.</summary>
    private sealed class OneByOne : IPointHandler
    {
        public StringBuilder Text { get; } = new();

        public void OnPoint(scoped in PointView point)
        {
            IReadOnlyList<Tag> tags = SeriesKey.Parse(point.Series, out _);
            string device = tags.Count > 0 ? tags[0].Value : "";
            string at = point.HasTime ? $"@{point.Time}" : $"@now{point.TimeFromArrival}";
            foreach (FieldSlot slot in point.Fields)
            {
                string name = Encoding.UTF8.GetString(point.Text.Slice(slot.KeyStart, slot.KeyBytes));
                string value = slot.Type switch
                {
                    FieldType.Float => BitConverter.Int64BitsToDouble(slot.Bits).ToString(
                        "R", CultureInfo.InvariantCulture),
                    FieldType.Boolean => $"{slot.Bits}",
                    _ => Encoding.UTF8.GetString(point.Text.Slice(slot.ValueStart, slot.ValueBytes)),
                };
                Text.Append(device).Append('|').Append(name).Append('=').Append(value).Append(at).Append('\n');
            }
        }
    }
}
