namespace Telemetry.Mqtt;

/// <summary>One property of a packet; borrowed.</summary>
public readonly ref struct PropertyView
{
    /// <summary>Which property it is.</summary>
    public PropertyId Id { get; init; }

    /// <summary>The value of a property that is a number; 0 for others.</summary>
    public uint Number { get; init; }

    /// <summary>The value of a text or binary property, or the value of a user property.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The name of a user property; empty for others.</summary>
    public ReadOnlySpan<byte> Name { get; init; }
}
