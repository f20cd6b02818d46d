using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Testing;

namespace Telemetry.Fuzz;

/// <summary>
/// The server as connections see it, without sockets: low ceilings, so that scripts meet them, and a clock that
/// somebody has to move.
/// </summary>
internal sealed class FuzzServer : IDisposable
{
    private const int InPipeBytes = 64 * 1024;

    private readonly MqttConnectionHandler _handler;

    public FuzzServer()
    {
        Broker = new Broker(Options, Metrics, Time, Log);
        Intake.Broker = Broker;
        Intake.OnBroken = broken => Log.Complain($"the committer broke: {broken}");
        Broker.Start(Intake);
        _handler = new MqttConnectionHandler(Broker, Intake, new SomeRights(), Options, Metrics, Time, Log);
    }

    public MqttServerOptions Options { get; } = new()
    {
        PacketBytesMax = 8_192,
        ReceiveMaximum = 20,
        SessionsMax = 1_000,
        SessionExpirySecondsMax = 60,
        QueuedMessagesPerSubscriberMax = 100,
        QueuedBytesPerSubscriberMax = 32_768,
        QueuedBytesMax = 1 << 22,
        RetainedMessagesMax = 50,
        SubscriptionsPerClientMax = 10,
    };

    public MqttMetrics Metrics { get; } = new();

    public ManualTime Time { get; } = new();

    public ServerLog Log { get; } = new();

    public MemoryIntake Intake { get; } = new();

    public Broker Broker { get; }

    /// <summary>Opens a connection.</summary>
    /// <param name="level">The level that the client speaks.</param>
    /// <param name="outPipeBytes">What waits for the client before the server has to.</param>
    public ScriptLink Open(ProtocolLevel level, int outPipeBytes)
    {
        var toServer = new Pipe(new PipeOptions(pauseWriterThreshold: InPipeBytes, useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(
            pauseWriterThreshold: outPipeBytes, resumeWriterThreshold: outPipeBytes / 2,
            useSynchronizationContext: false));
        var transport = new DefaultConnectionContext
        {
            Transport = new Duplex(toServer.Reader, toClient.Writer),
        };
        transport.ConnectionClosed.Register(() => toClient.Reader.CancelPendingRead());
        Task served = Task.Run(() => _handler.OnConnectedAsync(transport));
        return new ScriptLink(toClient.Reader, toServer.Writer, served, level, transport);
    }

    public void Dispose() => Broker.Dispose();

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
