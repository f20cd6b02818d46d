using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Telemetry.Api;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;
using Telemetry.Store.InfluxQl;

namespace Telemetry.Service;

/// <summary>The service, put together: data directory, pipeline, listeners.</summary>
internal sealed class TelemetryHost : IAsyncDisposable
{
    private const string MainDatabase = "telemetry";
    private const int SocketReadBytes = 1024 * 1024; // one read holds hundreds of packets; see MqttServerOptions
    private const int SocketWriteBytes = 256 * 1024;
    private readonly WebApplication _application;
    private readonly DataDirectory _data;
    private readonly IngestPipeline _pipeline;
    private readonly Broker _broker;

    private TelemetryHost(WebApplication application, DataDirectory data, IngestPipeline pipeline, Broker broker)
    {
        _application = application;
        _data = data;
        _pipeline = pipeline;
        _broker = broker;
    }

    /// <summary>The port MQTT listens on; known once started.</summary>
    public int MqttPort { get; private set; }

    /// <summary>The port HTTP listens on; known once started.</summary>
    public int HttpPort { get; private set; }

    /// <summary>Opens the data directory and builds the host; nothing listens yet.</summary>
    public static TelemetryHost Build(ServiceOptions options, SiteCatalogue site, IConfiguration configuration)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);

        var catalogue = new SeriesCatalogue();
        var files = new DiskFileSystem();
        ILoggerFactory loggers = LoggerFactory.Create(logging =>
        {
            logging.AddConfiguration(configuration.GetSection("Logging"));
            logging.AddSimpleConsole(console => console.SingleLine = true);
        });
        DataDirectory data = DataDirectory.Open(options, catalogue, files, TimeProvider.System, loggers);
        var mqtt = new MqttServerOptions
        {
            ConnectionsMax = options.Mqtt.ConnectionsMax,
            PacketBytesMax = options.Mqtt.PacketBytesMax,
        };
        var metrics = new MqttMetrics();
        var broker = new Broker(mqtt, metrics, TimeProvider.System);
        var pipeline = new IngestPipeline(new PipelineParts
        {
            Spool = data.Spool,
            AlarmJournal = data.AlarmJournal,
            QuarantineLog = data.QuarantineLog,
            Store = data.Store,
            Site = site,
            Catalogue = catalogue,
            Broker = broker,
            MqttMetrics = metrics,
            Influx = options.Influx,
            DetectionEnabled = options.Detection.Enabled,
            LateAfter = TimeSpan.FromSeconds(options.Detection.LateAfterSeconds),
            DetectionDirectory = Path.GetFullPath(Path.Combine(options.DataDirectory, "detection")),
            Files = files,
            Time = TimeProvider.System,
            LastArrival = data.LastWrite,
            Loggers = loggers,
        });
        AddServices(builder, options, mqtt, metrics, broker, pipeline);
        WebApplication application = builder.Build();
        Map(application, options, mqtt, pipeline, data);
        return new TelemetryHost(application, data, pipeline, broker);
    }

    /// <summary>Starts everything; returns when the listeners are open.</summary>
    public async Task StartAsync()
    {
        await _application.StartAsync();
        ICollection<string> addresses = _application.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses;
        int[] ports = [.. addresses.Select(address => BindingAddress.Parse(address).Port)];
        HttpPort = ports[0];
        MqttPort = ports[1];
    }

    /// <summary>Runs until SIGTERM or Ctrl+C, then drains.</summary>
    /// <returns>The process's exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken stopping)
    {
        await _application.WaitForShutdownAsync(stopping);
        var pipeline = _application.Services.GetRequiredService<PipelineLifetime>();
        return pipeline.HasFailed ? ExitCode.Bug : ExitCode.Done;
    }

    /// <summary>Stops as SIGTERM does.</summary>
    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _pipeline.Dispose();
        _broker.Dispose();
        _data.Dispose();
    }

    private static void AddServices(
        WebApplicationBuilder builder,
        ServiceOptions options,
        MqttServerOptions mqtt,
        MqttMetrics metrics,
        Broker broker,
        IngestPipeline pipeline)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(broker);
        builder.Services.AddSingleton<IIntake>(pipeline.Intake);
        builder.Services.AddSingleton<IAuthenticator, AcceptAll>();
        builder.Services.AddSingleton(mqtt);
        builder.Services.AddSingleton(metrics);
        builder.Services.AddSingleton<MqttConnectionHandler>();
        builder.Services.AddSingleton(pipeline);
        builder.Services.AddSingleton<PipelineLifetime>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PipelineLifetime>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(40));
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.NoDelay = true;
            sockets.WaitForDataBeforeAllocatingBuffer = true;
            sockets.MaxReadBufferSize = SocketReadBytes;
            sockets.MaxWriteBufferSize = SocketWriteBytes;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Http.WriteBytesMax;
            kestrel.Listen(IPAddress.Parse(options.Http.Address), options.Http.Port);
            kestrel.Listen(
                IPAddress.Parse(options.Mqtt.Address),
                options.Mqtt.Port,
                listen => listen.UseConnectionHandler<MqttConnectionHandler>());
        });
    }

    private static void Map(
        WebApplication application,
        ServiceOptions options,
        MqttServerOptions mqtt,
        IngestPipeline pipeline,
        DataDirectory data)
    {
        if (!IPAddress.IsLoopback(IPAddress.Parse(options.Mqtt.Address)))
        {
            ServiceLog.AnonymousOffLoopback(application.Logger, options.Mqtt.Address);
        }

        var names = new DatabaseNames(MainDatabase, options.Http.DatabaseAliases);
        var limits = new QueryLimits
        {
            RowCountMax = options.Http.QueryRowsMax,
            Duration = TimeSpan.FromSeconds(options.Http.QuerySecondsMax),
        };
        var engine = new InfluxQlEngine(data.Store, limits, names, TimeProvider.System);
        var apiLimits = new ApiLimits(options.Http.WriteBytesMax);
        application.UseTokenGuard(new AccessOptions { Token = options.Http.Token });
        application.MapTelemetry(
            pipeline, engine, names, apiLimits, LimitTable.Of(options, mqtt), TimeProvider.System);
    }
}
