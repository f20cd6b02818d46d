using System.Text;

namespace Telemetry.Payloads.Tests;

/// <summary>One case of a vector file; the file's own head says what the lines mean.</summary>
public sealed record VectorCase(int Line, string Mapping, string Input, string[] Points, string Fault)
{
    public byte[] Payload => Encoding.UTF8.GetBytes(WithControls(Input));

    public override string ToString() => $"line {Line}: {Input}";

    /// <summary>Puts control characters where their pictures stand.</summary>
    public static string WithControls(string text) =>
        text.Replace('␊', '\n').Replace('␍', '\r').Replace('␀', '\0').Replace('␉', '\t');
}
