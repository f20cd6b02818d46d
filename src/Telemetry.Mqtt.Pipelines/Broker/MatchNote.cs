namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What the subscriptions of one session that match the message in hand amount to: one copy at the highest QoS granted
/// [MQTT-3.3.4-2], with all their identifiers [MQTT-3.3.4-4]. The broker owns it under its lock.
/// </summary>
internal sealed class MatchNote
{
    private long _message;
    private int _identifierBytes;
    private byte[] _identifiers = [];

    /// <summary>The highest QoS granted by the subscriptions that matched.</summary>
    public byte Qos { get; private set; }

    /// <summary>Whether one of the subscriptions that matched wants the retain flag as published.</summary>
    public bool RetainAsPublished { get; private set; }

    /// <summary>Their identifiers, as properties.</summary>
    public ReadOnlySpan<byte> Identifiers => _identifiers.AsSpan(0, _identifierBytes);

    /// <summary>Takes a subscription into account; true when it is the first for this message.</summary>
    public bool Add(long message, Subscription subscription)
    {
        bool isFirst = _message != message;
        if (isFirst)
        {
            _message = message;
            _identifierBytes = 0;
            Qos = 0;
            RetainAsPublished = false;
        }

        Qos = Math.Max(Qos, subscription.Terms.Qos);
        RetainAsPublished |= subscription.Terms.RetainAsPublished;
        byte[] identifier = subscription.IdentifierProperty;
        if (identifier.Length > 0)
        {
            if (_identifiers.Length < _identifierBytes + identifier.Length)
            {
                Array.Resize(ref _identifiers, Math.Max(16, 2 * (_identifierBytes + identifier.Length)));
            }

            identifier.CopyTo(_identifiers.AsSpan(_identifierBytes));
            _identifierBytes += identifier.Length;
        }

        return isFirst;
    }
}
