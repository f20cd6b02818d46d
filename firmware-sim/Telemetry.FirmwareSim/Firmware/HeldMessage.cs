namespace Telemetry.FirmwareSim;

/// <summary>A message that waits in a gateway.</summary>
internal sealed class HeldMessage(in GatewayPayload payload)
{
    private readonly byte[] _topic = payload.Topic.ToArray();
    private readonly byte[] _body = payload.Body.ToArray();

    /// <summary>The truth about it.</summary>
    public MessageOrigin Origin { get; } = payload.Origin;

    /// <summary>The message.</summary>
    public GatewayPayload Payload => new(_topic, _body, Origin);
}
