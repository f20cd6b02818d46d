namespace Telemetry.Mqtt.Tests.Wire;

/// <summary>One line of a vector file, for one protocol level.</summary>
internal sealed record Vector(string Place, ProtocolLevel Level, byte[] Bytes, string Expected, bool IsCanonical)
{
    public override string ToString() => $"{Place} ({Level}) {Convert.ToHexStringLower(Bytes)}";
}
