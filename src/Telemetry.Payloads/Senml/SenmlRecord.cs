namespace Telemetry.Payloads;

/// <summary>One record as it stands in the pack, before the base fields are added.</summary>
internal struct SenmlRecord
{
    /// <summary>Where it starts.</summary>
    public int Start;

    /// <summary>It has a label that is no base: it must be a measurement.</summary>
    public bool IsMeasurement;

    /// <summary>The name; of kind None when it has none.</summary>
    public JsonText Name;

    /// <summary>The unit; of kind None when it has none.</summary>
    public JsonText Unit;

    /// <summary>The label of its value; Unknown when it has none.</summary>
    public SenmlLabel ValueLabel;

    /// <summary>The value as it stands; of kind Null when nobody knows it.</summary>
    public JsonText Value;

    public bool HasSum;

    public double Sum;

    /// <summary>The time in nanoseconds; 0 when it has none.</summary>
    public long Time;

    /// <summary>The version it asks for; 0 when it does not.</summary>
    public ulong Version;

    /// <summary>Where the version stands.</summary>
    public int VersionAt;
}
