namespace Telemetry.Mqtt;

/// <summary>
/// Counts QoS 1 and 2 messages in flight in one direction against the receive maximum (MQTT 5 §4.9). A mutable value:
/// a field of exactly one owner.
/// </summary>
public struct InflightWindow
{
    /// <summary>The receive maximum where none is given (MQTT 5 §3.1.2.11.3).</summary>
    public const int CountMaxDefault = ushort.MaxValue;

    /// <summary>An empty window that takes <paramref name="countMax"/> messages, at least 1.</summary>
    public InflightWindow(int countMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(countMax, CountMaxDefault);
        CountMax = countMax;
    }

    /// <summary>The receive maximum.</summary>
    public int CountMax { get; }

    /// <summary>Messages in flight.</summary>
    public int Count { readonly get; private set; }

    /// <summary>Another message would be one too many.</summary>
    public readonly bool IsFull => Count >= CountMax;

    /// <summary>Counts a message that goes into flight; false, and not counted, when the window is full.</summary>
    public bool TryEnter()
    {
        if (IsFull)
        {
            return false;
        }

        Count++;
        return true;
    }

    /// <summary>
    /// Counts a message that has landed: PUBACK, PUBCOMP, or PUBREC with a failure. An acknowledgement too many does
    /// not widen the window (MQTT 5 §4.9).
    /// </summary>
    public void Leave() => Count = Math.Max(0, Count - 1);
}
