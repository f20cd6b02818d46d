namespace Telemetry.EndToEnd.Tests;

/// <summary>A real broker of others on free ports; may be killed and started again on its data.</summary>
internal abstract class MqttBroker : IAsyncDisposable
{
    private ToolRun? _run;

    /// <summary>Where it speaks MQTT without TLS.</summary>
    public int Port { get; } = FreePort.Find();

    /// <summary>The broker called so.</summary>
    public static MqttBroker Of(string name, string directory)
    {
        string own = Path.Combine(directory, name);
        Directory.CreateDirectory(own);
        return name switch
        {
            "mosquitto" => new MosquittoBroker(own),
            "nats-server" => new NatsBroker(own),
            "rabbitmq-server" => new RabbitBroker(own),
            _ => throw new ArgumentException($"no broker is called '{name}'", nameof(name)),
        };
    }

    /// <summary>Starts it and waits until it answers CONNECT.</summary>
    public async Task StartAsync()
    {
        _run = Launch();
        await Until.Async(
            "the broker answers CONNECT",
            () =>
            {
                if (_run.HasExited)
                {
                    throw new InvalidOperationException($"the broker ended: {_run.Output}");
                }

                using var probe = new MqttSocket(Port, "probe");
                return Task.FromResult(true);
            },
            answered => answered);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _run!.KillAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_run is not null)
        {
            await _run.DisposeAsync();
        }
    }

    protected abstract ToolRun Launch();
}

/// <summary>mosquitto: 3.1.1 and 5.0, shared subscriptions.</summary>
internal sealed class MosquittoBroker : MqttBroker
{
    private readonly string _configuration;

    /// <param name="directory">Where its data lie.</param>
    /// <param name="settings">Lines of its configuration besides the plain listener.</param>
    public MosquittoBroker(string directory, string settings = "")
    {
        _configuration = Path.Combine(directory, "mosquitto.conf");
        File.WriteAllText(_configuration, $"""
            user root
            per_listener_settings true
            listener {Port} 127.0.0.1
            allow_anonymous true
            max_inflight_messages 65535
            max_queued_messages 0
            persistence true
            persistence_location {directory}/
            autosave_interval 1
            {settings}

            """);
    }

    /// <summary>One with further listeners.</summary>
    public static MqttBroker With(string directory, string settings) => new MosquittoBroker(directory, settings);

    protected override ToolRun Launch() => ToolRun.Start("mosquitto", ["-c", _configuration]);
}

/// <summary>nats-server with JetStream: 3.1.1, QoS 0 and 1, no shared subscriptions.</summary>
internal sealed class NatsBroker : MqttBroker
{
    private readonly string _configuration;

    public NatsBroker(string directory)
    {
        _configuration = Path.Combine(directory, "nats.conf");
        File.WriteAllText(_configuration, $$"""
            listen: "127.0.0.1:{{FreePort.Find()}}"
            server_name: "telemetry-test"
            jetstream { store_dir: "{{directory}}/jetstream" }
            mqtt { listen: "127.0.0.1:{{Port}}", ack_wait: "2s", max_ack_pending: 1000 }
            """);
    }

    protected override ToolRun Launch() => ToolRun.Start("nats-server", ["-c", _configuration]);
}

/// <summary>rabbitmq-server with its MQTT plugin: 3.1.1, QoS 0 and 1, no shared subscriptions.</summary>
internal sealed class RabbitBroker : MqttBroker
{
    private readonly string _directory;
    private readonly int _distributionPort = FreePort.Find();
    private readonly int _mapperPort = FreePort.Find();
    private readonly ToolRun _mapper;

    public RabbitBroker(string directory)
    {
        _directory = directory;
        File.WriteAllText(Path.Combine(directory, "plugins"), "[rabbitmq_mqtt].\n");
        File.WriteAllText(Path.Combine(directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{FreePort.Find()}
            mqtt.listeners.tcp.1 = 127.0.0.1:{Port}
            mqtt.allow_anonymous = true
            mqtt.prefetch = 1000

            """);

        // Its own port mapper: one that the server starts would outlive the test.
        _mapper = ToolRun.Start("epmd", ["-port", $"{_mapperPort}", "-address", "127.0.0.1"]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mapper.DisposeAsync();
    }

    protected override ToolRun Launch() => ToolRun.Start(
        "env",
        [
            $"HOME={_directory}",
            $"ERL_EPMD_PORT={_mapperPort}",
            $"RABBITMQ_NODENAME=telemetry-{Port}@localhost",
            $"RABBITMQ_DIST_PORT={_distributionPort}",
            $"RABBITMQ_MNESIA_BASE={_directory}/mnesia",
            $"RABBITMQ_LOG_BASE={_directory}/log",
            $"RABBITMQ_ENABLED_PLUGINS_FILE={_directory}/plugins",
            $"RABBITMQ_CONFIG_FILE={_directory}/rabbitmq.conf",
            "/usr/lib/rabbitmq/bin/rabbitmq-server",
        ]);
}
