namespace Telemetry.Fuzz;

/// <summary>One step of a script, on one of its connections.</summary>
/// <param name="Link">The number of the connection.</param>
/// <param name="Action">What happens.</param>
/// <param name="Bytes">What is sent; empty for other actions.</param>
/// <param name="IsKnown">The bytes are one packet that breaks no rule of the wire.</param>
internal sealed record ScriptStep(int Link, ScriptAction Action, byte[] Bytes, bool IsKnown)
{
    public override string ToString() => Bytes.Length == 0
        ? $"link {Link} {Action}"
        : $"link {Link} {Action} {Convert.ToHexString(Bytes)}";
}
