using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Kestrel's transport for <see cref="PlainEndPoint"/>: its connections read and write their socket on the thread that
/// has something to do, without pipes and turns of the pool between the two (docs/decisions/0021).
/// </summary>
/// <param name="time">Times the pause while the process has no descriptor left for another connection.</param>
public sealed class PlainTransport(TimeProvider time) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is PlainEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new PlainListener((IPEndPoint)endpoint, time));
}
