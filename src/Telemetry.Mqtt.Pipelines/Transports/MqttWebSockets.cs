using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>The door for MQTT over WebSocket: <c>/mqtt</c> with the sub-protocol <c>mqtt</c> (MQTT 5 §6).</summary>
public static class MqttWebSockets
{
    /// <summary>The path clients connect to.</summary>
    public const string Path = "/mqtt";

    private const string SubProtocol = "mqtt"; // [MQTT-6.0.0-3]

    /// <summary>Serves a request as an MQTT connection, or answers why not. Needs the WebSocket middleware.</summary>
    public static async Task ServeAsync(HttpContext http, ConnectionHandler handler, TimeProvider time)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(
                http, StatusCodes.Status400BadRequest, "cannot serve request: expected a WebSocket, found plain HTTP");
            return;
        }

        if (IsForeignOrigin(http.Request))
        {
            await RefuseAsync(
                http, StatusCodes.Status403Forbidden, "cannot serve request: its Origin is not this service");
            return;
        }

        if (!http.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol))
        {
            await RefuseAsync(
                http, StatusCodes.Status400BadRequest, "cannot serve request: expected the sub-protocol 'mqtt'");
            return;
        }

        var acceptance = new WebSocketAcceptContext
        {
            SubProtocol = SubProtocol,
            KeepAliveInterval = Timeout.InfiniteTimeSpan, // MQTT keeps its own
        };
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(acceptance);
        await new WebSocketConnection(socket, http, time).RunAsync(handler);
    }

    /// <summary>
    /// Browsers let any page open a WebSocket to this machine, where anonymous clients may be welcome; they say whose
    /// page it is (RFC 6455 §10.2). Programs do not.
    /// </summary>
    private static bool IsForeignOrigin(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return origin is not null
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value);
    }

    private static Task RefuseAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(message);
    }
}
