using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Fuzz;

/// <summary>Keeps what a peer must never be able to make the server say.</summary>
internal sealed class ServerLog : ILogger<MqttConnectionHandler>, ILogger<Broker>
{
    private readonly ConcurrentQueue<string> _complaints = new();

    /// <summary>How many connections could not write down that they ended, so that a restart cannot know.</summary>
    public int FarewellsLost { get; private set; }

    public void Complain(string complaint) => _complaints.Enqueue(complaint);

    public bool TryTake(out string? complaint) => _complaints.TryDequeue(out complaint);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        FarewellsLost += eventId.Name == "FarewellLost" ? 1 : 0;
        string message = formatter(state, exception);
        if (logLevel >= LogLevel.Error || message.Contains("BUG:", StringComparison.Ordinal))
        {
            Complain($"the server says: {message} {exception}");
        }
    }
}
