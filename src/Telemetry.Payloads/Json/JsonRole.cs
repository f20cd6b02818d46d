namespace Telemetry.Payloads;

/// <summary>What a value of a sample is for; flags, because one set of paths is followed at once.</summary>
[Flags]
internal enum JsonRole : uint
{
    None = 0,
    Name = 1,
    Value = 2,
    Time = 4,
    TimeRest = 8,
    Quality = 16,
    Unit = 32,
    Bytes = 64,

    /// <summary>The first tag; the others are the bits above it.</summary>
    FirstTag = 0x100,
    Tags = 0xFF_FF00,

    /// <summary>The first condition; the others are the bits above it.</summary>
    FirstCondition = 0x100_0000,
    Conditions = 0xFF00_0000,

    /// <summary>What is looked for around a sample that does not say it.</summary>
    Around = Name | Time | TimeRest | Quality | Unit | Tags | Conditions,
}
