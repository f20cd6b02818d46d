using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>What one CONNECT asked for and what this server grants it: read once, then the packet is dead.</summary>
internal sealed class ConnectTerms
{
    private const int SendWindowDefault = ushort.MaxValue; // receive maximum when the client names none
    private const int AssignedDigits = 24; // 96 random bits: no other client can guess or repeat it
    private const int ConnAckBytesMin = 5; // in MQTT 5: fixed header(2) flags(1) reason(1) length of no properties(1)
    private const int ConnAckPropertiesBytesMax = 256; // eleven numbers and the assigned identifier

    private readonly bool _isAssigned;
    private readonly uint _wantedExpirySeconds;
    private readonly int _serverKeepAliveSeconds;

    private ConnectTerms(in ConnectView connect, MqttServerOptions options)
    {
        Level = connect.Level;
        _isAssigned = connect.ClientIdentifier.IsEmpty;
        ClientIdentifier = _isAssigned
            ? "auto-" + RandomNumberGenerator.GetHexString(AssignedDigits, lowercase: true)
            : Encoding.UTF8.GetString(connect.ClientIdentifier);
        UserName = connect.HasUserName ? Encoding.UTF8.GetString(connect.UserName) : null;
        Password = connect.HasPassword ? connect.Password.ToArray() : null;
        Will = connect.HasWill ? new SessionWill(connect) : null;
        CleanStart = connect.CleanStart;
        bool isTooLong = connect.KeepAliveSeconds == 0 || connect.KeepAliveSeconds > options.KeepAliveSecondsMax;
        _serverKeepAliveSeconds = Level >= ProtocolLevel.V50 && isTooLong ? options.KeepAliveSecondsMax : 0;
        KeepAliveSeconds = _serverKeepAliveSeconds > 0 ? (ushort)_serverKeepAliveSeconds : connect.KeepAliveSeconds;
        _wantedExpirySeconds = ExpiryOf(connect);
        ExpirySeconds = Math.Min(_wantedExpirySeconds, options.SessionExpirySecondsMax);
        uint window = PropertyReader.FindNumber(connect.Properties, PropertyId.ReceiveMaximum, SendWindowDefault);
        uint aliases = PropertyReader.FindNumber(connect.Properties, PropertyId.TopicAliasMaximum, 0);
        Delivery = new DeliveryTerms(
            Level,
            (int)Math.Min(window, (uint)options.SendWindowMax),
            PacketBytesMaxOf(connect),
            (int)Math.Min(aliases, (uint)options.TopicAliasToClientMax));
    }

    /// <summary>The client identifier, given or assigned.</summary>
    public string ClientIdentifier { get; }

    /// <summary>The user name; null when there is none.</summary>
    public string? UserName { get; }

    /// <summary>The password; null when there is none, and once it has been judged.</summary>
    public byte[]? Password { get; private set; }

    /// <summary>The protocol level.</summary>
    public ProtocolLevel Level { get; }

    /// <summary>Seconds of silence that are promised; 0 for no limit.</summary>
    public ushort KeepAliveSeconds { get; }

    /// <summary>How it takes messages.</summary>
    public DeliveryTerms Delivery { get; }

    /// <summary>Its will; null when it has none.</summary>
    public SessionWill? Will { get; }

    /// <summary>The client wants no old session.</summary>
    public bool CleanStart { get; }

    /// <summary>Seconds that the session outlives the connection, as granted.</summary>
    public uint ExpirySeconds { get; }

    /// <summary>The largest packet that a client accepts.</summary>
    public static int PacketBytesMaxOf(in ConnectView connect)
    {
        uint bytes = PropertyReader.FindNumber(connect.Properties, PropertyId.MaximumPacketSize, int.MaxValue);
        return (int)Math.Min(bytes, int.MaxValue);
    }

    /// <summary>Judges a CONNECT by itself, whoever sent it; the terms are null when it is refused.</summary>
    public static Refusal Judge(in ConnectView connect, MqttServerOptions options, out ConnectTerms? terms)
    {
        Refusal refusal = Check(connect, options);
        terms = refusal.IsSet ? null : new ConnectTerms(connect, options);
        return refusal;
    }

    /// <summary>What the client shows of itself over a transport.</summary>
    public ConnectCredentials CredentialsOver(ConnectionContext transport) => new()
    {
        ClientIdentifier = _isAssigned ? string.Empty : ClientIdentifier,
        UserName = UserName,
        Password = Password,
        Certificate = transport.Features.Get<ITlsConnectionFeature>()?.ClientCertificate,
        RemoteAddress = (transport.RemoteEndPoint as IPEndPoint)?.Address,
    };

    /// <summary>The password has been judged and is not needed any more.</summary>
    public void ForgetPassword() => Password = null;

    /// <summary>Renders the CONNACK that says what was granted.</summary>
    public byte[] RenderConnAck(bool sessionPresent, MqttServerOptions options)
    {
        Span<byte> scratch = stackalloc byte[ConnAckPropertiesBytesMax];
        var properties = new PropertyWriter(scratch);
        if (Level >= ProtocolLevel.V50)
        {
            WriteProperties(ref properties, options);
        }

        var ack = new ConnAckView { SessionPresent = sessionPresent, Properties = properties.Written };
        if (ack.Measure(Level) > Delivery.PacketBytesMax)
        {
            ack = new ConnAckView { SessionPresent = sessionPresent }; // [MQTT-3.1.2-24]
        }

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

        if (PacketBytesMaxOf(connect) < ConnAckBytesMin)
        {
            return Refusal.Of(ReasonCode.PacketTooLarge); // it could not be told anything, not even this
        }

        bool isWillTooDeep = connect.WillTopic.Count((byte)'/') >= options.TopicLevelsMax;
        return isWillTooDeep ? Refusal.Of(ReasonCode.TopicNameInvalid) : Refusal.None;
    }

    /// <summary>In MQTT 3.1.1 a session that is not clean has no end of its own.</summary>
    private static uint ExpiryOf(in ConnectView connect) => connect.Level >= ProtocolLevel.V50
        ? PropertyReader.FindNumber(connect.Properties, PropertyId.SessionExpiryInterval, 0)
        : connect.CleanStart ? 0 : ClientSession.NeverExpires;

    private void WriteProperties(ref PropertyWriter properties, MqttServerOptions options)
    {
        if (ExpirySeconds != _wantedExpirySeconds)
        {
            properties.WriteNumber(PropertyId.SessionExpiryInterval, ExpirySeconds);
        }

        properties.WriteNumber(PropertyId.ReceiveMaximum, (uint)Math.Min(options.ReceiveMaximum, ushort.MaxValue));
        properties.WriteNumber(PropertyId.RetainAvailable, 1);
        properties.WriteNumber(PropertyId.MaximumPacketSize, (uint)options.PacketBytesMax);
        if (_isAssigned)
        {
            properties.WriteBytes(PropertyId.AssignedClientIdentifier, Encoding.UTF8.GetBytes(ClientIdentifier));
        }

        properties.WriteNumber(PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMax);
        properties.WriteNumber(PropertyId.WildcardSubscriptionAvailable, 1);
        properties.WriteNumber(PropertyId.SubscriptionIdentifierAvailable, 1);
        properties.WriteNumber(PropertyId.SharedSubscriptionAvailable, 1);
        if (_serverKeepAliveSeconds > 0)
        {
            properties.WriteNumber(PropertyId.ServerKeepAlive, (uint)_serverKeepAliveSeconds);
        }
    }
}
