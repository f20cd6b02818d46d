namespace Telemetry.Payloads;

/// <summary>What a value of a sample is for; flags, because one set of paths is followed at once.</summary>
[Flags]
internal enum JsonRole : byte
{
    None = 0,
    Name = 1,
    Value = 2,
    Time = 4,
    Quality = 8,
    Unit = 16,
}
