namespace Telemetry.Mqtt.Pipelines;

/// <summary>Why a connection to a broker ended.</summary>
internal enum LinkEndKind
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The broker closed it, or it broke.</summary>
    Closed,

    /// <summary>The broker said why in CONNACK or DISCONNECT.</summary>
    Refused,

    /// <summary>The broker does not speak the protocol level.</summary>
    ProtocolUnsupported,

    /// <summary>No packet came within one and a half times the keep alive, or no CONNACK in time.</summary>
    Late,

    /// <summary>Packets came, and the canary did not.</summary>
    Silent,

    /// <summary>The broker broke the protocol.</summary>
    Malformed,

    /// <summary>This side ends.</summary>
    Stopped,
}

/// <summary>How a connection to a broker ended.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Text">The same in words, for log and status.</param>
internal sealed record LinkEnd(LinkEndKind Kind, string Text)
{
    /// <summary>True when the broker ended it.</summary>
    public bool IsByBroker => Kind is LinkEndKind.Closed or LinkEndKind.Refused;
}
