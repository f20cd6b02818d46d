using System.Text;
using System.Threading.Channels;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>
/// What a host sends to edge nodes: its STATE on the service's own listeners, and requests for births, to where the
/// node is connected. External brokers are told the state by their own connections.
/// </summary>
internal sealed class SparkplugCommands
{
    private const int WaitingMax = 1_000; // seconds of what decoding may ask for; a node is asked again anyway
    private readonly Channel<SparkplugRequest> _waiting = Channel.CreateBounded<SparkplugRequest>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Intake _intake;
    private readonly Broker _broker;
    private readonly IReadOnlyList<BrokerClient> _clients;
    private readonly TimeProvider _time;
    private readonly string _hostId;
    private long _onlineMilliseconds;

    public SparkplugCommands(
        Intake intake, Broker broker, IReadOnlyList<BrokerClient> clients, string hostId, TimeProvider time)
    {
        _intake = intake;
        _broker = broker;
        _clients = clients;
        _hostId = hostId;
        _time = time;
    }

    /// <summary>Takes a request; it does not wait.</summary>
    public void Offer(SparkplugRequest request) => _waiting.Writer.TryWrite(request);

    /// <summary>Sends what is asked for until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (SparkplugRequest request in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            if (request == SparkplugRequest.TellState)
            {
                TellState(isOnline: true, _onlineMilliseconds);
            }
            else
            {
                AskForBirths(request);
            }
        }
    }

    /// <summary>Edge nodes may connect from now on.</summary>
    public void TellOnline()
    {
        _onlineMilliseconds = _time.GetUtcNow().ToUnixTimeMilliseconds();
        TellState(isOnline: true, _onlineMilliseconds);
    }

    /// <summary>The service is about to end: those who are connected hear it.</summary>
    public void TellOffline() => TellState(isOnline: false, _time.GetUtcNow().ToUnixTimeMilliseconds());

    private void TellState(bool isOnline, long timeMilliseconds)
    {
        if (_hostId.Length == 0)
        {
            return;
        }

        byte[] topic = Encoding.UTF8.GetBytes(SparkplugTopic.StateOf(_hostId));
        byte[] payload = SparkplugState.Render(isOnline, timeMilliseconds);
        if (!isOnline || !_intake.TryPublish(topic, payload, qos: 1, retain: true))
        {
            _broker.Publish(topic, payload, qos: 1, retain: true); // at once: nobody waits for an end
        }
    }

    private void AskForBirths(SparkplugRequest request)
    {
        byte[] topic = Encoding.UTF8.GetBytes($"spBv1.0/{request.Group}/NCMD/{request.Node}");
        byte[] payload = SparkplugCommand.Rebirth(_time.GetUtcNow().ToUnixTimeMilliseconds());
        BrokerClient? client = _clients.FirstOrDefault(client => client.Name == request.Client);
        if (client is null)
        {
            _broker.Publish(topic, payload, qos: 0, retain: false);
        }
        else
        {
            client.TryPublish(topic, payload); // one that is away has nobody to ask
        }
    }
}
