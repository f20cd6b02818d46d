namespace Telemetry.Load;

/// <summary>What a load run does.</summary>
public sealed record LoadOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    /// <summary>HTTP port of the service, to count what it stored and allocated; 0: not counted.</summary>
    public int HttpPort { get; init; }

    public int Connections { get; init; } = 50;

    public long Messages { get; init; } = 1_000_000;

    public int PointsPerMessage { get; init; } = 1;

    public int Qos { get; init; } = 1;

    /// <summary>
    /// Messages per second over all connections, each sent alone, as gateways do; 0: flat out, in bursts.
    /// </summary>
    public int Rate { get; init; }

    /// <summary>Unacknowledged messages per connection.</summary>
    public int Window { get; init; } = 1_000;

    /// <summary>Messages sent with one system call at most when flat out.</summary>
    public int Burst { get; init; } = 250;

    /// <summary>Distinct series over all connections.</summary>
    public int Series { get; init; } = 1_000;

    /// <summary>lp or json.</summary>
    public string Format { get; init; } = "lp";

    /// <summary>Process whose CPU seconds are taken; 0: none.</summary>
    public int Pid { get; init; }

    /// <summary>Measurement, so that runs against one service do not meet.</summary>
    public string Measurement { get; init; } = LoadSite.Measured;

    /// <summary>Whether a service that is started watches the signals.</summary>
    public bool Detection { get; init; } = true;

    /// <summary>Whether a service that is started also writes to an InfluxDB, which takes everything.</summary>
    public bool Influx { get; init; }

    /// <summary>Milliseconds that each sync of a service that is started takes at least.</summary>
    public int SyncMilliseconds { get; init; }

    /// <summary>Series that are sent: each connection has one at least.</summary>
    public int SeriesSent => Math.Max(1, Series / Connections) * Connections;
}
