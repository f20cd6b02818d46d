using System.Net;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Where <see cref="PlainTransport"/> listens: an address for MQTT as it is, without TLS or WebSocket.
/// </summary>
/// <param name="address">The address.</param>
/// <param name="port">The port; 0 for any.</param>
public sealed class PlainEndPoint(IPAddress address, int port) : IPEndPoint(address, port);
