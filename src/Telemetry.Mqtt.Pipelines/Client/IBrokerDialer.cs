using System.IO.Pipelines;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>Opens connections to one broker.</summary>
internal interface IBrokerDialer
{
    /// <summary>A connection on which CONNECT may be sent.</summary>
    /// <exception cref="IOException">There is none to be had; the message says why.</exception>
    Task<IBrokerTransport> DialAsync(CancellationToken cancellationToken);
}

/// <summary>Bytes to and from a broker. Disposing it closes the connection.</summary>
internal interface IBrokerTransport : IDuplexPipe, IAsyncDisposable;
