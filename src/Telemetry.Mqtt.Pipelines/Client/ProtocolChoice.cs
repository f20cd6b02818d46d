namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Which protocol level the next CONNECT speaks. A broker that does not know 5.0 says so in CONNACK, or just closes.
/// The word of a CONNACK is remembered. A close can have any cause, a restart too, so it makes one attempt in 3.1.1 and
/// is remembered when that happened twice.
/// </summary>
internal sealed class ProtocolChoice(BrokerProtocol asked)
{
    private const int ClosesRemembered = 2;

    private int _closes;
    private bool _triesOld;
    private bool _isOld = asked == BrokerProtocol.V311;

    /// <summary>The level of the next CONNECT.</summary>
    public ProtocolLevel Next => _isOld || _triesOld ? ProtocolLevel.V311 : ProtocolLevel.V50;

    /// <summary>A CONNACK accepted the level.</summary>
    public void OnAccepted(ProtocolLevel level)
    {
        if (level == ProtocolLevel.V50)
        {
            _closes = 0;
        }
        else if (_triesOld && ++_closes >= ClosesRemembered)
        {
            _isOld = true;
        }

        _triesOld = false;
    }

    /// <summary>A CONNACK refused the level; true when the other one is tried next.</summary>
    public bool OnUnsupported(ProtocolLevel level)
    {
        if (asked != BrokerProtocol.Auto)
        {
            return false;
        }

        _triesOld = false;
        _isOld = level == ProtocolLevel.V50;
        return true;
    }

    /// <summary>The broker closed instead of answering CONNECT; true when 3.1.1 is tried next.</summary>
    public bool OnClosed(ProtocolLevel level)
    {
        bool fallsBack = asked == BrokerProtocol.Auto && level == ProtocolLevel.V50;
        _triesOld = fallsBack;
        return fallsBack;
    }
}
