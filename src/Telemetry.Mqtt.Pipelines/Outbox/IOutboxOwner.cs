namespace Telemetry.Mqtt.Pipelines;

/// <summary>Whose outbox it is.</summary>
internal interface IOutboxOwner
{
    /// <summary>The transport takes no more bytes. Called on the pump's thread, returns at once.</summary>
    void OnBroken();
}
