namespace Telemetry.Influx;

/// <summary>Which write dialect the server speaks.</summary>
public enum InfluxApi
{
    /// <summary>InfluxDB 1.x: <c>/write?db=</c>.</summary>
    V1,

    /// <summary>InfluxDB 2.x, and 3.x by its compatible path: <c>/api/v2/write?bucket=&amp;org=</c>.</summary>
    V2,

    /// <summary>InfluxDB 3.x: <c>/api/v3/write_lp?db=</c>.</summary>
    V3,

    /// <summary>
    /// VictoriaMetrics, at the path of 2.x: it answers that all is well to lines that it leaves out, and has no texts.
    /// </summary>
    VictoriaMetrics,
}

/// <summary>How fine the times are that are sent.</summary>
public enum InfluxPrecision
{
    /// <summary>Nanoseconds.</summary>
    Ns,

    /// <summary>Microseconds.</summary>
    Us,

    /// <summary>Milliseconds.</summary>
    Ms,

    /// <summary>Seconds.</summary>
    S,
}

/// <summary>Where and how points are written to an InfluxDB.</summary>
public sealed class InfluxOptions
{
    /// <summary>Base address, for instance <c>http://127.0.0.1:8086</c>; empty: no InfluxDB.</summary>
    public string Url { get; set; } = "";

    /// <summary>The write dialect.</summary>
    public InfluxApi Api { get; set; } = InfluxApi.V2;

    /// <summary>Database (v1, v3) or bucket (v2).</summary>
    public string Bucket { get; set; } = "telemetry";

    /// <summary>Retention policy (v1); empty: the database's default.</summary>
    public string RetentionPolicy { get; set; } = "";

    /// <summary>Organisation (v2).</summary>
    public string Org { get; set; } = "";

    /// <summary>
    /// Token, sent as <c>Authorization: Token …</c>, or <c>Bearer …</c> (v3, VictoriaMetrics); empty: none.
    /// </summary>
    public string Token { get; set; } = "";

    /// <summary>User, with <see cref="Password"/> as basic authentication; empty: none.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; set; } = "";

    /// <summary>Further headers of each request, as <c>Name: value</c>.</summary>
    public string[] Headers { get; set; } = [];

    /// <summary>PEM file with the authorities that its certificate may be of; empty: the machine's.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Create the database or bucket when the server says that there is none.</summary>
    public bool CreateBucket { get; set; }

    /// <summary>Hours the server keeps points; 0: it is asked.</summary>
    public double RetentionHours { get; set; }

    /// <summary>How fine times are sent; what is finer is cut off.</summary>
    public InfluxPrecision Precision { get; set; } = InfluxPrecision.Ns;

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
