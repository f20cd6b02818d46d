using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What one CONNECT asked for and what this server grants it: read once, then the packet is dead.</summary>
internal sealed class ConnectTerms
{
    private const int SendWindowDefault = ushort.MaxValue; // receive maximum when the client names none
    private const int AssignedDigits = 24; // 96 random bits: no other client can guess or repeat it
    private const int ConnAckPropertiesBytesMax = 256; // eleven numbers and the assigned identifier

    private readonly bool _isAssigned;
    private readonly bool _wantsSession;
    private readonly int _serverKeepAliveSeconds;

    private ConnectTerms(in ConnectView connect, MqttServerOptions options)
    {
        Level = connect.Level;
        _isAssigned = connect.ClientIdentifier.IsEmpty;
        ClientIdentifier = _isAssigned
            ? "auto-" + RandomNumberGenerator.GetHexString(AssignedDigits, lowercase: true)
            : Encoding.UTF8.GetString(connect.ClientIdentifier);
        UserName = connect.HasUserName ? Encoding.UTF8.GetString(connect.UserName) : null;
        Will = connect.HasWill ? new WillMessage(connect) : null;
        _serverKeepAliveSeconds = Level >= ProtocolLevel.V50 ? options.ServerKeepAliveSeconds : 0;
        KeepAliveSeconds = _serverKeepAliveSeconds > 0 ? (ushort)_serverKeepAliveSeconds : connect.KeepAliveSeconds;
        _wantsSession = PropertyReader.FindNumber(connect.Properties, PropertyId.SessionExpiryInterval, 0) > 0;
        uint window = PropertyReader.FindNumber(connect.Properties, PropertyId.ReceiveMaximum, SendWindowDefault);
        uint packet = PropertyReader.FindNumber(connect.Properties, PropertyId.MaximumPacketSize, int.MaxValue);
        Delivery = new DeliveryTerms(
            Level, (int)Math.Min(window, (uint)options.SendWindowMax), (int)Math.Min(packet, int.MaxValue));
    }

    /// <summary>The client identifier, given or assigned.</summary>
    public string ClientIdentifier { get; }

    /// <summary>The user name; null when there is none.</summary>
    public string? UserName { get; }

    /// <summary>The protocol level.</summary>
    public ProtocolLevel Level { get; }

    /// <summary>Seconds of silence that are promised; 0 for no limit.</summary>
    public ushort KeepAliveSeconds { get; }

    /// <summary>How it takes messages.</summary>
    public DeliveryTerms Delivery { get; }

    /// <summary>Its will; null when it has none.</summary>
    public WillMessage? Will { get; }

    /// <summary>Judges a CONNECT; the terms are null when it is refused.</summary>
    public static Refusal Judge(
        in ConnectView connect, MqttServerOptions options, IAuthenticator authenticator, out ConnectTerms? terms)
    {
        terms = null;
        Refusal refusal = Check(connect, options);
        if (!refusal.IsSet)
        {
            refusal = RefusalOf(authenticator.Authenticate(
                connect.ClientIdentifier, connect.UserName, connect.Password));
        }

        if (!refusal.IsSet)
        {
            terms = new ConnectTerms(connect, options);
        }

        return refusal;
    }

    /// <summary>Renders the CONNACK that says what was granted.</summary>
    public byte[] RenderConnAck(MqttServerOptions options)
    {
        Span<byte> scratch = stackalloc byte[ConnAckPropertiesBytesMax];
        var properties = new PropertyWriter(scratch);
        if (Level >= ProtocolLevel.V50)
        {
            WriteProperties(ref properties, options);
        }

        var ack = new ConnAckView { Properties = properties.Written };
        byte[] packet = new byte[ack.Measure(Level)];
        ack.Write(packet, Level);
        return packet;
    }

    private static Refusal Check(in ConnectView connect, MqttServerOptions options)
    {
        ReasonCode code = SessionRules.CheckConnect(connect);
        if (code != ReasonCode.Success)
        {
            return Refusal.Of(code);
        }

        if (connect.ClientIdentifier.Length > options.ClientIdentifierBytesMax)
        {
            return Refusal.Of(ReasonCode.ClientIdentifierNotValid);
        }

        if (PropertyReader.TryFind(connect.Properties, PropertyId.AuthenticationMethod, out _))
        {
            return Refusal.Of(ReasonCode.BadAuthenticationMethod); // no method is offered [MQTT-4.12.0-1]
        }

        if (connect.HasWill && connect.WillQos > 1)
        {
            return Refusal.Of(ReasonCode.QosNotSupported); // [MQTT-3.2.2-12]
        }

        bool isWillTooDeep = connect.WillTopic.Count((byte)'/') >= options.TopicLevelsMax;
        return isWillTooDeep ? Refusal.Of(ReasonCode.TopicNameInvalid) : Refusal.None;
    }

    private static Refusal RefusalOf(AuthenticationOutcome outcome) => outcome switch
    {
        AuthenticationOutcome.Accepted => Refusal.None,
        AuthenticationOutcome.BadUserNameOrPassword => Refusal.Of(ReasonCode.BadUserNameOrPassword),
        _ => Refusal.Of(ReasonCode.NotAuthorized),
    };

    private void WriteProperties(ref PropertyWriter properties, MqttServerOptions options)
    {
        if (_wantsSession)
        {
            properties.WriteNumber(PropertyId.SessionExpiryInterval, 0); // sessions end with their connection
        }

        properties.WriteNumber(PropertyId.ReceiveMaximum, (uint)Math.Min(options.ReceiveMaximum, ushort.MaxValue));
        properties.WriteNumber(PropertyId.MaximumQos, 1);
        properties.WriteNumber(PropertyId.RetainAvailable, 1);
        properties.WriteNumber(PropertyId.MaximumPacketSize, (uint)options.PacketBytesMax);
        if (_isAssigned)
        {
            properties.WriteBytes(PropertyId.AssignedClientIdentifier, Encoding.UTF8.GetBytes(ClientIdentifier));
        }

        properties.WriteNumber(PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMax);
        properties.WriteNumber(PropertyId.WildcardSubscriptionAvailable, 1);
        properties.WriteNumber(PropertyId.SubscriptionIdentifierAvailable, 0);
        properties.WriteNumber(PropertyId.SharedSubscriptionAvailable, 0);
        if (_serverKeepAliveSeconds > 0)
        {
            properties.WriteNumber(PropertyId.ServerKeepAlive, (uint)_serverKeepAliveSeconds);
        }
    }
}
