namespace Telemetry.Mqtt.Pipelines;

/// <summary>What a broker client is doing, told by whoever does it and read by the status page.</summary>
internal sealed class BrokerStatus(TimeProvider time)
{
    private readonly Lock _gate = new();
    private BrokerClientState _state = BrokerClientState.Stopped;
    private DateTimeOffset _since = time.GetUtcNow();
    private string _protocol = "";
    private string _lastError = "";

    /// <summary>State, since when, protocol and last error, of one moment.</summary>
    public (BrokerClientState State, DateTimeOffset Since, string Protocol, string LastError) Now
    {
        get
        {
            lock (_gate)
            {
                return (_state, _since, _protocol, _lastError);
            }
        }
    }

    /// <summary>Something else goes on.</summary>
    public void Enter(BrokerClientState state)
    {
        lock (_gate)
        {
            _since = _state == state ? _since : time.GetUtcNow();
            _state = state;
        }
    }

    /// <summary>A CONNACK accepted a protocol level.</summary>
    public void Speak(ProtocolLevel level)
    {
        lock (_gate)
        {
            _protocol = level == ProtocolLevel.V50 ? "5.0" : "3.1.1";
            _lastError = "";
        }
    }

    /// <summary>Something went wrong.</summary>
    public void Fail(string error)
    {
        lock (_gate)
        {
            _lastError = error;
        }
    }
}
