using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// A broker whose answers the test writes, with a client that runs against it, without pauses unless asked.
/// </summary>
internal sealed class ScriptedBroker : IBrokerDialer, IAsyncDisposable
{
    /// <summary>CONNACK: success, no session.</summary>
    public const string NewSession = "2003000000";

    private const string SessionPresent = "2003010000";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // only a failing test waits for it
    private readonly Channel<Peer> _peers = Channel.CreateUnbounded<Peer>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public ScriptedBroker(
        Func<BrokerClientOptions, BrokerClientOptions>? configure = null, Random? random = null)
    {
        var options = new BrokerClientOptions
        {
            Name = "plant",
            Url = new Uri("mqtt://broker"),
            ClientIdentifier = "c",
            Filters = ["a/#"],
            CanaryTopic = "canary/c",
            CanarySeconds = 0,
            KeepAliveSeconds = 0,
            OwnFilters = ["own/#"],
        };
        Client = new BrokerClient(
            configure?.Invoke(options) ?? options, Intake, this, Time, random ?? new NoJitter(), NullLogger.Instance);
        _running = Client.RunAsync(_stopping.Token);
    }

    public ManualTime Time { get; } = new();

    public FakeIntake Intake { get; } = new();

    public BrokerClient Client { get; }

    /// <summary>The broker's side of the next connection.</summary>
    public async Task<Peer> AcceptAsync() => await _peers.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The same, with CONNECT read, CONNACK sent and, without a session, SUBSCRIBE answered.</summary>
    public async Task<Peer> AdmitAsync(bool hasSession = false, bool subscribes = true)
    {
        Peer peer = await AcceptAsync();
        Assert.StartsWith("10", await peer.ReadAsync(), StringComparison.Ordinal);
        await peer.SendAsync(Convert.FromHexString(hasSession ? SessionPresent : NewSession));
        if (subscribes)
        {
            Assert.StartsWith("82", await peer.ReadAsync(), StringComparison.Ordinal);
            await peer.SendAsync([0x90, 0x04, 0x00, 0x01, 0x00, 0x01]);
        }

        return peer;
    }

    public Task<IBrokerTransport> DialAsync(CancellationToken cancellationToken)
    {
        var toClient = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var toBroker = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var transport = new Transport(toClient.Reader, toBroker.Writer);
        _peers.Writer.TryWrite(new Peer(
            new Transport(toBroker.Reader, toClient.Writer), Task.CompletedTask, ProtocolLevel.V50));
        return Task.FromResult<IBrokerTransport>(transport);
    }

    /// <summary>Asks the client to stop; its patience with the broker stands still.</summary>
    public Task StopClientAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        while (!_running.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1)); // taking leave has a patience
            await Task.Yield();
        }

        await _running;
        _stopping.Dispose();
    }

    private sealed class NoJitter : Random
    {
        public override double NextDouble() => 0;
    }

    private sealed class Transport(PipeReader input, PipeWriter output) : IBrokerTransport
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;

        public async ValueTask DisposeAsync()
        {
            await input.CompleteAsync();
            await output.CompleteAsync();
        }
    }
}
