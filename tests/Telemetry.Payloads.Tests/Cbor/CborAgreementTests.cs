using System.Globalization;
using System.Text;
using System.Text.Json;
using Telemetry.Model;

namespace Telemetry.Payloads.Tests.Cbor;

/// <summary>One message as JSON and as CBOR in any of its forms means the same.</summary>
public sealed class CborAgreementTests
{
    private const int Seed = 31;
    private const int DepthMax = 4;

    private static readonly string[] Keys = ["a", "b", "motor", "ts", "time", "t", "n", "v", "value", "id", "ü\\\"\n"];

    [Fact]
    public void A_message_is_read_from_CBOR_as_from_JSON()
    {
        var random = new Random(Seed);
        var maker = new CborMaker(random);
        var json = new JsonDecoder(new JsonMapping());
        var cbor = new CborDecoder(new JsonMapping());
        int decoded = 0;
        int faulted = 0;
        for (int i = 0; i < RunLength.Compared; i++)
        {
            string text = Generate(random, 0);
            using var document = JsonDocument.Parse(text);
            byte[] payload = maker.Make(document.RootElement);
            (DecodeStatus expected, string points, PayloadFault fault) = Read(json, Encoding.UTF8.GetBytes(text));
            (DecodeStatus actual, string actualPoints, PayloadFault actualFault) = Read(cbor, payload);
            decoded += expected == DecodeStatus.Decoded ? 1 : 0;
            faulted += expected == DecodeStatus.Faulted ? 1 : 0;
            bool agrees = (expected, points) == (actual, actualPoints)
                && (fault.Reason, fault.Count) == (actualFault.Reason, actualFault.Count);
            Assert.True(agrees, $"{text} as {Convert.ToHexString(payload)}: expected {points}, found {actualPoints}");
        }

        Assert.InRange(decoded, RunLength.Compared / 4, RunLength.Compared);
        Assert.InRange(faulted, RunLength.Compared / 200, RunLength.Compared);
    }

    private static (DecodeStatus Status, string Points, PayloadFault Fault) Read<TDecoder>(
        TDecoder decoder, byte[] payload)
        where TDecoder : IPayloadDecoder
    {
        var recorder = new PointRecorder();
        DecodeStatus status = decoder.Decode(
            payload, new DecodeContext { Series = "m"u8 }, ref recorder, out PayloadFault fault);
        return (status, string.Join('\n', recorder.Points), fault);
    }

    private static string Generate(Random random, int depth) => random.Next(depth < DepthMax ? 11 : 8) switch
    {
        0 => random.Next(-70_000, 70_000).ToString(CultureInfo.InvariantCulture),
        1 => (random.Next(-1_000_000, 1_000_000) / 1_000.0).ToString(CultureInfo.InvariantCulture),
        2 => (random.Next(-100, 100) / 4.0).ToString(CultureInfo.InvariantCulture),
        3 => $"{random.NextInt64(1_767_225_600_000, 1_798_761_600_000)}",
        4 => random.Next(8) == 0 ? $"{random.Next(1, 10)}e{random.Next(-20, 400)}" : "7",
        5 => random.Next(3) switch { 0 => "true", 1 => "false", _ => "null" },
        6 => """
            "te\u0078t \n \"q\" ü水"
            """,
        7 => random.Next(4) == 0 ? "\"2026-01-01T00:00:00\"" : "\"2026-01-01T00:00:00Z\"",
        8 or 9 => GenerateObject(random, depth),
        _ => GenerateArray(random, depth),
    };

    private static string GenerateObject(Random random, int depth)
    {
        IEnumerable<string> members = Enumerable.Range(0, random.Next(6)).Select(_ =>
        {
            string key = Keys[random.Next(Keys.Length)];
            string value = key is "n" or "id" ? $"\"x{random.Next(3)}\"" : Generate(random, depth + 1);
            return $"{JsonSerializer.Serialize(key)}:{value}";
        });
        return "{" + string.Join(',', members) + "}";
    }

    private static string GenerateArray(Random random, int depth)
    {
        IEnumerable<int> items = Enumerable.Range(0, random.Next(5));
        return "[" + string.Join(",", items.Select(_ => Generate(random, depth + 1))) + "]";
    }
}
