using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The MQTT 3.1.1 and 5.0 server as Kestrel sees it: <c>listen.UseConnectionHandler&lt;MqttConnectionHandler&gt;()</c>.
/// It holds no state of its own.
/// </summary>
public sealed class MqttConnectionHandler : ConnectionHandler
{
    private readonly ConnectionParts _parts;

    /// <summary>A server over these parts, which it shares with whoever else has them.</summary>
    public MqttConnectionHandler(
        Broker broker,
        IIntake intake,
        IAuthenticator authenticator,
        MqttServerOptions options,
        MqttMetrics metrics,
        TimeProvider time,
        ILogger<MqttConnectionHandler> log)
    {
        _parts = new ConnectionParts(broker, intake, authenticator, options, metrics, time, log);
    }

    /// <inheritdoc/>
    public override Task OnConnectedAsync(ConnectionContext connection) =>
        ConnectionLife.RunAsync(connection, _parts);
}
