using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Telemetry.Payloads.Tests.LineProtocol;

/// <summary>The decoder beside an independent reading of the grammar by regular expressions.</summary>
public sealed partial class LineAgreementTests
{
    private const int Seed = 23;

    // Atomic groups: a backslash that can escape what follows does so, without a second thought.
    private const string Name = @"(?>(?:\\[,= ]|[^,= \x00-\x1F\x7F])+)";
    private const string Measurement = @"(?>(?:\\[, ]|[^, \x00-\x1F\x7F])+)";
    private const string Number = @"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?";
    private const string Bool = "t|T|true|True|TRUE|f|F|false|False|FALSE";
    private const string Text = """
        "(?>(?:\\["\\]|[^"])*)"
        """;
    private const string Value = $"(?:{Text}|-?[0-9]+i|[0-9]+u|{Number}|{Bool})";

    [Fact]
    public void Generated_and_damaged_lines_are_read_as_the_grammar_reads_them()
    {
        var random = new Random(Seed);
        var mutation = new Mutation(Seed, Encoding.ASCII.GetBytes("m,= \\\"#0123456789.-+eiutfTF"));
        var decoder = new LineProtocolDecoder();
        var buffer = new byte[512];
        int accepted = 0;
        for (int i = 0; i < RunLength.Compared; i++)
        {
            byte[] line = Encoding.ASCII.GetBytes(Generate(random));
            int bytes = i % 3 == 0 ? Copy(line, buffer) : mutation.Apply(line, buffer);
            string text = Encoding.Latin1.GetString(buffer, 0, bytes).TrimStart(' ');
            if (text.Length == 0 || text[0] == '#' || text.Any(c => !char.IsAscii(c) || char.IsControl(c)))
            {
                continue;
            }

            var recorder = new PointRecorder();
            decoder.Decode(Encoding.ASCII.GetBytes(text), default, ref recorder, out _);
            string? expected = Read(text);
            accepted += expected is null ? 0 : 1;
            Assert.Equal((text, expected), (text, recorder.Points.SingleOrDefault()));
        }

        Assert.InRange(accepted, RunLength.Compared / 4, RunLength.Compared);
    }

    /// <summary>The line as the recorder writes it; null when it is none.</summary>
    private static string? Read(string line)
    {
        Match match = Line().Match(line);
        string[] keys = [.. match.Groups["tag"].Captures.Select(c => c.Value)];
        if (!match.Success || keys.Distinct().Count() < keys.Length)
        {
            return null;
        }

        var text = new StringBuilder(MeasurementEscape().Replace(match.Groups["m"].Value, "$1")).Append('|');
        foreach ((string key, string value) in keys.Zip(match.Groups["value"].Captures.Select(c => c.Value)))
        {
            text.Append(Plain(key)).Append('~').Append(Plain(value)).Append('|');
        }

        foreach ((string key, string value) in
            match.Groups["key"].Captures.Zip(match.Groups["field"].Captures, (k, f) => (k.Value, f.Value)))
        {
            string? readValue = ReadValue(value);
            if (readValue is null)
            {
                return null;
            }

            text.Append(Plain(key)).Append('=').Append(readValue).Append('|');
        }

        string time = match.Groups["time"].Value;
        long read = 0;
        return time.Length > 0 && !long.TryParse(time, CultureInfo.InvariantCulture, out read)
            ? null
            : text.Append('@').Append(time.Length == 0 ? "-" : $"{read}").ToString();
    }

    private static string? ReadValue(string value) => value[^1] switch
    {
        '"' => "s:" + TextEscape().Replace(value[1..^1], "$1"),
        'i' => long.TryParse(value[..^1], CultureInfo.InvariantCulture, out long signed) ? $"i:{signed}" : null,
        'u' => ulong.TryParse(value[..^1], CultureInfo.InvariantCulture, out ulong unsigned) ? $"u:{unsigned}" : null,
        't' or 'T' => "b:1",
        'f' or 'F' => "b:0",
        'e' or 'E' => value[0] is 't' or 'T' ? "b:1" : "b:0",
        _ => ReadDouble(double.Parse(value, CultureInfo.InvariantCulture)),
    };

    private static string? ReadDouble(double value) =>
        double.IsFinite(value) ? "f:" + value.ToString("R", CultureInfo.InvariantCulture) : null;

    private static string Plain(string name) => NameEscape().Replace(name, "$1");

    private static int Copy(byte[] line, byte[] buffer)
    {
        line.CopyTo(buffer, 0);
        return line.Length;
    }

    private static string Generate(Random random)
    {
        string[] names = ["m", "a\\ b", "c\\,d", "e\\=f", "g\\h", "\"q\"", "i1", "t", "\\\\", "x\\\\\\ y"];
        string[] values = ["1", "-2.5", "3i", "4u", "t", "FALSE", "\"a b\"", "\"\\\"\\\\, =\"", "1e5", ".5", "6."];
        string Pick(string[] from) => from[random.Next(from.Length)];
        var tags = Enumerable.Range(0, random.Next(4)).Select(i => $",{Pick(names)}{i}={Pick(names)}");
        var fields = Enumerable.Range(0, random.Next(1, 4)).Select(i => $"{Pick(names)}{i}={Pick(values)}");
        string time = random.Next(3) == 0 ? "" : " " + random.NextInt64(-5, 2_000_000_000_000_000_000);
        return $"{Pick(names)}{string.Concat(tags)} {string.Join(',', fields)}{time}";
    }

    [GeneratedRegex(
        $"^(?<m>{Measurement})(?:,(?<tag>{Name})=(?<value>{Name}))* +"
        + $"(?<key>{Name})=(?<field>{Value})(?:,(?<key>{Name})=(?<field>{Value}))*(?: +(?<time>-?[0-9]+))? *$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"\\([, ])")]
    private static partial Regex MeasurementEscape();

    [GeneratedRegex(@"\\([,= ])")]
    private static partial Regex NameEscape();

    [GeneratedRegex(@"\\([""\\])")]
    private static partial Regex TextEscape();
}
