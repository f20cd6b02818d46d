using System.Text;

namespace Telemetry.Payloads.Tests;

/// <summary>One case of a vector file; the file's own head says what the lines mean.</summary>
public sealed record VectorCase(int Line, string Mapping, string Input, string[] Points, string Fault)
{
    /// <summary>The input is bytes in hex, up to a semicolon, and words about them.</summary>
    public bool IsHex { get; init; }

    public byte[] Payload => IsHex ? BytesOf(Input) : Encoding.UTF8.GetBytes(WithControls(Input));

    public override string ToString() => $"line {Line}: {Input}";

    /// <summary>Puts control characters where their pictures stand.</summary>
    public static string WithControls(string text) =>
        text.Replace('␊', '\n').Replace('␍', '\r').Replace('␀', '\0').Replace('␉', '\t');

    private static byte[] BytesOf(string hex) => Convert.FromHexString(hex.Split(';')[0].Replace(" ", ""));
}
