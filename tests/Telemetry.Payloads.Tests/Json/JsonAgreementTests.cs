using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Json;

/// <summary>The decoder beside the base library's JSON document.</summary>
public sealed class JsonAgreementTests
{
    private const int Seed = 29;

    [Fact]
    public void Generated_and_damaged_payloads_are_read_as_the_base_library_reads_them()
    {
        var random = new Random(Seed);
        var mutation = new Mutation(Seed, Encoding.UTF8.GetBytes("{}[]:,\"\\/u0129.-+eEtrufalsn \nb"));
        var decoder = new JsonDecoder(new JsonMapping());
        var buffer = new byte[4_096];
        int accepted = 0;
        for (int i = 0; i < RunLength.Compared; i++)
        {
            byte[] payload = Encoding.UTF8.GetBytes(GenerateObject(random, 0));
            byte[] bytes = i % 3 == 0 ? payload : buffer[..mutation.Apply(payload, buffer)];
            bool isText = bytes.AsSpan().TrimStart(" \n\r\t"u8).StartsWith("\""u8);
            if (isText || bytes.AsSpan().IndexOf("\"t"u8) >= 0)
            {
                continue; // a number alone in quotes, or a time: of these the base library knows nothing
            }

            string? expected = Read(bytes);
            var recorder = new PointRecorder("m");
            DecodeStatus status = decoder.Decode(bytes, new DecodeContext { Series = "m"u8 }, ref recorder, out _);
            string actual = status == DecodeStatus.Faulted ? "refused" : string.Concat(recorder.Points);
            accepted += expected is null ? 0 : 1;
            if ((expected ?? "refused") != actual)
            {
                Assert.Fail($"{Encoding.UTF8.GetString(bytes)}: expected {expected ?? "refused"}, found {actual}");
            }
        }

        Assert.InRange(accepted, RunLength.Compared / 4, RunLength.Compared);
    }

    /// <summary>The payload as the recorder writes it; null when it is refused.</summary>
    private static string? Read(byte[] payload)
    {
        if (!Utf8.IsValid(payload))
        {
            return null; // the document looks into strings only when they are asked for
        }

        if (payload.All(b => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            return "";
        }

        try
        {
            using var document = JsonDocument.Parse(payload);
            var fields = new List<(string Name, string Value)>();
            return !Flatten(document.RootElement, "", fields) ? null
                : fields.Count == 0 ? ""
                : string.Concat(fields.Select(f => $"{f.Name}={f.Value}|")) + "@-";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Flatten(JsonElement element, string path, List<(string Name, string Value)> fields)
    {
        string name = path.Length == 0 ? "value" : path;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return element.EnumerateObject().All(m => Flatten(m.Value, Join(path, m.Name), fields));
            case JsonValueKind.Array:
                return element.EnumerateArray()
                    .Select((item, i) => Flatten(item, Join(name, i.ToString(CultureInfo.InvariantCulture)), fields))
                    .ToList()
                    .TrueForAll(isRead => isRead);
            case JsonValueKind.True:
                Put(fields, name, "b:1");
                return true;
            case JsonValueKind.False:
                Put(fields, name, "b:0");
                return true;
            case JsonValueKind.Number:
                double value = double.Parse(element.GetRawText(), CultureInfo.InvariantCulture);
                Put(fields, name, "f:" + value.ToString("R", CultureInfo.InvariantCulture));
                return double.IsFinite(value);
            default:
                fields.RemoveAll(f => f.Name == name);
                return true;
        }
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : path + "_" + key;

    private static void Put(List<(string Name, string Value)> fields, string name, string value)
    {
        int known = fields.FindIndex(f => f.Name == name);
        if (known >= 0)
        {
            fields[known] = (name, value);
        }
        else
        {
            fields.Add((name, value));
        }
    }

    private static string GenerateObject(Random random, int depth)
    {
        IEnumerable<string> members = Enumerable.Range(0, random.Next(5))
            .Select(_ => $"\"{(char)('a' + random.Next(5))}\"{Space(random)}:{GenerateValue(random, depth + 1)}");
        return "{" + Space(random) + string.Join(',', members) + "}" + Space(random);
    }

    private static string GenerateValue(Random random, int depth) => random.Next(depth > 3 ? 7 : 9) switch
    {
        0 => random.Next(-1_000, 1_000).ToString(CultureInfo.InvariantCulture),
        1 => (random.Next() / 1_000.0).ToString(CultureInfo.InvariantCulture),
        2 => $"{random.Next(10)}e{random.Next(-20, 400)}",
        3 => "true",
        4 => "false",
        5 => "null",
        6 => "\"te\\u0078t \\n \\\"q\\\" ü\"",
        7 => GenerateObject(random, depth),
        _ => GenerateArray(random, depth),
    };

    private static string GenerateArray(Random random, int depth)
    {
        IEnumerable<int> items = Enumerable.Range(0, random.Next(4));
        return "[" + string.Join(", ", items.Select(_ => GenerateValue(random, depth + 1))) + "]";
    }

    private static string Space(Random random) => new(' ', random.Next(2));
}
