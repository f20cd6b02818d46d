namespace Telemetry.Mqtt;

/// <summary>Arithmetic of the keep alive (MQTT 5 §3.1.2.10). Times are on any monotone clock of the caller's.</summary>
public static class KeepAlive
{
    private const long MillisecondsPerSecond = 1_000;

    /// <summary>
    /// The silence after which the server closes the connection: one and a half times the keep alive
    /// [MQTT-3.1.2-22]. Null for 0, which switches the rule off.
    /// </summary>
    public static TimeSpan? SilenceMax(ushort keepAliveSeconds) =>
        keepAliveSeconds == 0 ? null : TimeSpan.FromMilliseconds(keepAliveSeconds * MillisecondsPerSecond * 3 / 2);

    /// <summary>Whether a silence of this length is longer than the keep alive allows.</summary>
    public static bool IsExceeded(ushort keepAliveSeconds, TimeSpan silence) =>
        SilenceMax(keepAliveSeconds) is { } max && silence > max;

    /// <summary>
    /// When a client that has sent nothing is to send PINGREQ: at three quarters of the keep alive, so that a slow link
    /// has the rest. Null for 0.
    /// </summary>
    public static TimeSpan? PingAfter(ushort keepAliveSeconds) =>
        keepAliveSeconds == 0 ? null : TimeSpan.FromMilliseconds(keepAliveSeconds * MillisecondsPerSecond * 3 / 4);
}
