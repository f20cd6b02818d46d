using Telemetry.Influx;
using Telemetry.Ingestion;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Store;

namespace Telemetry.Service;

/// <summary>
/// All settings, by section. Sources, later ones win: appsettings.json beside the executable, telemetry.json in the
/// data directory, environment variables (Section__Key), --set Section:Key=value. docs/operations/configuration.md
/// lists them.
/// </summary>
public sealed class ServiceOptions
{
    /// <summary>Where everything the service keeps lies.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Path of the site file; empty: none, every topic is taken by the catch-all route.</summary>
    public string SiteFile { get; set; } = "";

    /// <summary>
    /// Directory of the site's fragments; empty: <c>site.d</c> beside the site file, or in the data directory without.
    /// </summary>
    public string SiteDirectory { get; set; } = "";

    public MqttSection Mqtt { get; set; } = new();

    public HttpSection Http { get; set; } = new();

    public SpoolSection Spool { get; set; } = new();

    public StoreSection Store { get; set; } = new();

    public DetectionSection Detection { get; set; } = new();

    public SparkplugSection Sparkplug { get; set; } = new();

    public InfluxOptions Influx { get; set; } = new();
}

/// <summary>The MQTT listeners, and who is let in.</summary>
public sealed class MqttSection
{
    /// <summary>Address to listen on.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port; 0 picks a free one.</summary>
    public int Port { get; set; } = 1883;

    /// <summary>Connections at once.</summary>
    public int ConnectionsMax { get; set; } = 10_000;

    /// <summary>Largest control packet, in bytes.</summary>
    public int PacketBytesMax { get; set; } = Model.Limits.PacketBytesMaxDefault;

    /// <summary>QoS 1 and 2 messages of one connection that may wait for their acknowledgement.</summary>
    public int ReceiveMaximum { get; set; } = 8_192;

    /// <summary>Messages a second of one connection; 0 for no ceiling.</summary>
    public int MessagesPerSecondMax { get; set; } = 200_000;

    /// <summary>Bytes a second of one connection; 0 for no ceiling.</summary>
    public long BytesPerSecondMax { get; set; } = 128L << 20;

    /// <summary>Longest keep alive of an MQTT 5 client, in seconds; 0 for no limit.</summary>
    public int KeepAliveSecondsMax { get; set; }

    /// <summary>Sessions kept, those of clients that are away among them.</summary>
    public int SessionsMax { get; set; } = 20_000;

    /// <summary>Seconds a session is kept for a client that is away, at most.</summary>
    public uint SessionExpirySecondsMax { get; set; } = 30 * 86_400;

    /// <summary>Set by <c>--profile</c>; not for a mine.</summary>
    public MqttProfile Profile { get; set; }

    /// <summary>
    /// Whether clients without a user name or certificate are let in: null means from this machine only.
    /// </summary>
    public bool? AllowAnonymous { get; set; }

    /// <summary>Listeners besides the plain one at <see cref="Address"/> and <see cref="Port"/>.</summary>
    public ListenerSection[] Listeners { get; set; } = [];

    /// <summary>External brokers to subscribe to.</summary>
    public BrokerSection[] Brokers { get; set; } = [];

    /// <summary>What the server is told of it; all else of the server is not a setting.</summary>
    internal MqttServerOptions ForServer() => new()
    {
        ConnectionsMax = ConnectionsMax,
        PacketBytesMax = PacketBytesMax,
        ReceiveMaximum = ReceiveMaximum,
        MessagesPerSecondMax = MessagesPerSecondMax,
        BytesPerSecondMax = BytesPerSecondMax,
        KeepAliveSecondsMax = KeepAliveSecondsMax,
        SessionsMax = SessionsMax,
        SessionExpirySecondsMax = SessionExpirySecondsMax,
        AnswersLikeMosquitto = Profile == MqttProfile.Conformance,
        SendsReasonStrings = Profile != MqttProfile.Conformance,
    };
}

/// <summary>How the MQTT listener behaves where the standard leaves it to the server.</summary>
public enum MqttProfile
{
    /// <summary>As a mine needs it.</summary>
    Mine,

    /// <summary>As public conformance suites expect it of the broker they were written beside.</summary>
    Conformance,
}

/// <summary>The HTTP listener.</summary>
public sealed class HttpSection
{
    /// <summary>Address to listen on.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port; 0 picks a free one.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Token for requests from off the machine; empty: only this machine is answered.</summary>
    public string Token { get; set; } = "";

    /// <summary>Names besides <c>telemetry</c> under which the database is known to InfluxDB clients.</summary>
    public string[] DatabaseAliases { get; set; } = ["telegraf"];

    /// <summary>Seconds one query may take.</summary>
    public double QuerySecondsMax { get; set; } = 30;

    /// <summary>Rows one query may answer with.</summary>
    public int QueryRowsMax { get; set; } = 1_000_000;

    /// <summary>Largest body of a write, in bytes, after decompression.</summary>
    public int WriteBytesMax { get; set; } = 32 * 1024 * 1024;
}

/// <summary>The spool.</summary>
public sealed class SpoolSection
{
    /// <summary>Bytes the spool may take on disk.</summary>
    public long BytesMax { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Bytes of one segment.</summary>
    public int SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bytes of messages that are kept behind the spool, packed; 0: none.</summary>
    public long ArchiveBytesMax { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Fewer hours of spool than this are a warning while a consumer is behind; 0: never.</summary>
    public double SurvivalWarningHours { get; set; } = 24;

    /// <summary>Milliseconds that each sync takes at least, to rehearse a slow disk; 0 in operation.</summary>
    public int RehearseSyncMilliseconds { get; set; }
}

/// <summary>The embedded store.</summary>
public sealed class StoreSection
{
    /// <summary>Seconds between checkpoints.</summary>
    public double CheckpointSeconds { get; set; } = 2;

    /// <summary>Days after which samples are let go of; 0: never.</summary>
    public double RetentionDays { get; set; }

    /// <summary>Measurements with another retention than <see cref="RetentionDays"/>.</summary>
    public RetentionSection[] Retentions { get; set; } = [];

    /// <summary>What the store is told of it.</summary>
    internal StoreOptions ForStore(string path) => new()
    {
        Path = path,
        CheckpointSeconds = CheckpointSeconds,
        Retention = SpanOf(RetentionDays),
        RetentionOf = Retentions.ToDictionary(one => one.Measurement, one => SpanOf(one.Days)),
    };

    private static TimeSpan? SpanOf(double days) => days > 0 ? TimeSpan.FromDays(days) : null;
}

/// <summary>How long the samples of one measurement are kept.</summary>
public sealed class RetentionSection
{
    /// <summary>The measurement's name.</summary>
    public string Measurement { get; set; } = "";

    /// <summary>Days; 0: for ever.</summary>
    public double Days { get; set; }
}

/// <summary>Detection and alarms.</summary>
public sealed class DetectionSection
{
    /// <summary>Whether signals are watched.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// A point older than its arrival by more than this many seconds is late and sounds no live alarm.
    /// </summary>
    public double LateAfterSeconds { get; set; } = 300;
}

/// <summary>How the service is a host of Sparkplug B.</summary>
public sealed class SparkplugSection
{
    /// <summary>Host identifier told to edge nodes on the service's own listeners; empty: none is told.</summary>
    public string HostId { get; set; } = "";

    /// <summary>Seconds a missing message is waited for.</summary>
    public double ReorderSeconds { get; set; } = 10;

    /// <summary>Whether edge nodes are asked for their births.</summary>
    public bool Rebirth { get; set; } = true;

    internal SparkplugSettings ForHost() => new()
    {
        HostId = HostId,
        ReorderTimeout = TimeSpan.FromSeconds(ReorderSeconds),
        RequestsRebirth = Rebirth,
    };
}
