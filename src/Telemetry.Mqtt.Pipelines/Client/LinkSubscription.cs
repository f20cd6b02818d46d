namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The SUBSCRIBE of one connection: asked when the broker has no session, or is not trusted to remember it. The filters
/// come first and the canary last.
/// </summary>
internal sealed class LinkSubscription(BrokerClientParts parts, ProtocolLevel level, bool asksAnyway)
{
    /// <summary>There is one SUBSCRIBE per connection.</summary>
    public const ushort PacketIdentifier = 1;

    private readonly BrokerClientOptions _options = parts.Options;
    private string[] _filters = [];
    private volatile bool _isDone;
    private bool _isRefused;

    /// <summary>True once the broker has answered, or had the session.</summary>
    public bool IsDone => _isDone;

    /// <summary>True unless the broker has refused a filter.</summary>
    public bool IsGranted => !_isRefused;

    /// <summary>The packet to send after CONNACK; null when the broker's session will do.</summary>
    public byte[]? Begin(in ConnAckView ack)
    {
        if (_options.Share.Length > 0)
        {
            CheckShared(ack);
        }

        if (ack.SessionPresent && !asksAnyway)
        {
            _isDone = true;
            return null;
        }

        string prefix = _options.Share.Length > 0 ? $"$share/{_options.Share}/" : "";
        _filters = [.. _options.Filters.Select(filter => prefix + filter)];
        string[] canary = parts.Canary.IsOn ? [_options.CanaryTopic] : [];
        return LinkPackets.Subscribe([.. _filters, .. canary], _options.Qos, PacketIdentifier, level);
    }

    /// <summary>The broker has answered.</summary>
    public void OnSubAck(in SubAckView ack)
    {
        for (int i = 0; i < ack.ReasonCodes.Length; i++)
        {
            var code = (ReasonCode)ack.ReasonCodes[i];
            if (code >= ReasonCode.UnspecifiedError)
            {
                OnRefused(i < _filters.Length ? _filters[i] : null, code);
            }
        }

        _isDone = true;
    }

    private void OnRefused(string? filter, ReasonCode code)
    {
        if (filter is not null)
        {
            _isRefused = true;
            parts.Status.Fail($"the broker refuses the subscription to \"{filter}\": {code}");
            BrokerClientLog.SubscriptionRefused(parts.Log, _options.Name, filter, code);
        }
        else if (parts.Canary.Refuse($"the broker refuses the subscription to it: {code}"))
        {
            BrokerClientLog.CanaryOff(parts.Log, _options.Name, _options.CanaryTopic, parts.Canary.State);
        }
    }

    private void CheckShared(in ConnAckView ack)
    {
        bool isKnown = level >= ProtocolLevel.V50;
        bool isOffered = PropertyReader.FindNumber(ack.Properties, PropertyId.SharedSubscriptionAvailable, 1) == 1;
        if (!isKnown || !isOffered)
        {
            string cause = isKnown ? "the broker offers none" : "MQTT 3.1.1 has none, the broker may know them or not";
            parts.Status.Fail($"shared subscriptions are not certain: {cause}");
            BrokerClientLog.SharedUncertain(parts.Log, _options.Name, _options.Share, cause);
        }
    }
}
