namespace Telemetry.Influx;

/// <summary>Which write dialect the server speaks.</summary>
public enum InfluxApi
{
    /// <summary>InfluxDB 1.x: <c>/write?db=</c>.</summary>
    V1,

    /// <summary>InfluxDB 2.x and VictoriaMetrics: <c>/api/v2/write?bucket=&amp;org=</c>.</summary>
    V2,
}

/// <summary>Where and how points are written to an InfluxDB.</summary>
public sealed class InfluxOptions
{
    /// <summary>Base address, for instance <c>http://127.0.0.1:8086</c>; empty: no InfluxDB.</summary>
    public string Url { get; set; } = "";

    /// <summary>The write dialect.</summary>
    public InfluxApi Api { get; set; } = InfluxApi.V2;

    /// <summary>Database (v1) or bucket (v2).</summary>
    public string Bucket { get; set; } = "telemetry";

    /// <summary>Organisation (v2).</summary>
    public string Org { get; set; } = "";

    /// <summary>Token (v2), sent as <c>Authorization: Token …</c>; empty: none.</summary>
    public string Token { get; set; } = "";

    /// <summary>User (v1), with <see cref="Password"/> as basic authentication; empty: none.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; set; } = "";

    /// <summary>Compress the body with gzip.</summary>
    public bool Gzip { get; set; } = true;

    /// <summary>A request is sent when this many bytes of lines are there…</summary>
    public int BatchBytes { get; set; } = 1024 * 1024;

    /// <summary>…or when the oldest line has waited this long, in seconds.</summary>
    public double BatchSeconds { get; set; } = 1;

    /// <summary>How long one request may take, in seconds.</summary>
    public double TimeoutSeconds { get; set; } = 30;

    /// <summary>
    /// When what is next arrived longer ago than this, in seconds, all that waits is left to the backlog.
    /// </summary>
    public double BacklogAfterSeconds { get; set; } = 10;

    /// <summary>Lines of the backlog sent a second, in bytes before compression; 0 for no ceiling.</summary>
    public long BacklogBytesPerSecond { get; set; } = 4L * 1024 * 1024;
}
