using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Telemetry.Access;
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
    private readonly GatewayAccess _access;
    private readonly MqttListeners _listeners;

    private TelemetryHost(
        WebApplication application,
        DataDirectory data,
        IngestPipeline pipeline,
        Broker broker,
        GatewayAccess access,
        MqttListeners listeners)
    {
        _application = application;
        _data = data;
        _pipeline = pipeline;
        _broker = broker;
        _access = access;
        _listeners = listeners;
    }

    /// <summary>The port MQTT listens on; known once started.</summary>
    public int MqttPort { get; private set; }

    /// <summary>The ports of <c>Mqtt:Listeners</c>, in their order; known once started.</summary>
    public IReadOnlyList<int> ListenerPorts { get; private set; } = [];

    /// <summary>The port HTTP listens on; known once started.</summary>
    public int HttpPort { get; private set; }

    /// <summary>Opens the data directory and builds the host; nothing listens yet.</summary>
    public static TelemetryHost Build(ValidSettings settings)
    {
        (ServiceOptions options, SiteCatalogue site, SiteOrigin origin, IConfiguration configuration) = settings;
        // Nothing of the framework's own: its configuration would watch every file below the working directory.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(configuration);
        ILoggerFactory loggers = ServiceLogging.Create(configuration);
        builder.Services.AddSingleton(_ => loggers); // the host logs through it too, and disposes it

        var catalogue = new SeriesCatalogue();
        IFileSystem files = DiskOf(options.Spool, loggers);
        DataDirectory data = DataDirectory.Open(options, catalogue, files, TimeProvider.System, loggers);
        MqttServerOptions mqtt = options.Mqtt.ForServer();
        var metrics = new MqttMetrics();
        var broker = new Broker(mqtt, metrics, TimeProvider.System, loggers.CreateLogger<Broker>());
        var listeners = new MqttListeners(options.Mqtt, TimeProvider.System, loggers);
        GatewayAccess access = OpenAccess(options, broker, files, loggers);
        var pipeline = new IngestPipeline(new PipelineParts
        {
            Spool = data.Spool,
            AlarmJournal = data.AlarmJournal,
            QuarantineLog = data.QuarantineLog,
            FindingsLog = data.FindingsLog,
            Store = data.Store,
            Site = site,
            SiteOrigin = origin,
            Catalogue = catalogue,
            Broker = broker,
            MqttMetrics = metrics,
            Influx = options.Influx,
            SurvivalWarningHours = options.Spool.SurvivalWarningHours,
            Brokers =
            [
                .. options.Mqtt.Brokers.Select(broker =>
                    BrokerReading.Of(broker, site.Site, options.Mqtt.PacketBytesMax)),
            ],
            Seed = RandomNumberGenerator.GetInt32(int.MaxValue / 2),
            Sparkplug = options.Sparkplug.ForHost(),
            DetectionEnabled = options.Detection.Enabled,
            LateAfter = TimeSpan.FromSeconds(options.Detection.LateAfterSeconds),
            DetectionDirectory = Path.GetFullPath(Path.Combine(options.DataDirectory, "detection")),
            DecodingDirectory = Path.GetFullPath(Path.Combine(options.DataDirectory, "decoding")),
            InfluxDirectory = Path.GetFullPath(Path.Combine(options.DataDirectory, "influx")),
            BrokerDirectory = Path.GetFullPath(Path.Combine(options.DataDirectory, "broker")),
            ForecastDirectory = Path.GetFullPath(Path.Combine(options.DataDirectory, "forecast")),
            Files = files,
            Time = TimeProvider.System,
            LastArrival = Math.Max(data.Spool.Recovery.ArrivalMax, data.FindingsLog.Recovery.ArrivalMax),
            Loggers = loggers,
            FurtherMetrics = () => AccessMetricsTable.Of(access),
            Access = name => AccessFactsOf(access, name),
            Audit = access.Audit.OnOperator,
            AuditRedecoding = (request, report) => access.Audit.OnRedecoded(request.Who, AuditOf(request, report)),
        });
        AddServices(builder, options, mqtt, metrics, broker, pipeline, access, listeners);
        WebApplication application = builder.Build();
        Map(application, options, mqtt, pipeline, data);
        return new TelemetryHost(application, data, pipeline, broker, access, listeners);
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
        ListenerPorts = ports[2..];
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
        _listeners.Dispose();
        await _access.DisposeAsync();
        _pipeline.Dispose();
        _broker.Dispose();
        _data.Dispose();
    }

    private static IFileSystem DiskOf(SpoolSection options, ILoggerFactory loggers)
    {
        var disk = new DiskFileSystem();
        if (options.RehearseSyncMilliseconds == 0)
        {
            return disk;
        }

        ServiceLog.RehearsingSlowDisk(loggers.CreateLogger<TelemetryHost>(), options.RehearseSyncMilliseconds);
        return new SlowSyncFileSystem(disk, TimeSpan.FromMilliseconds(options.RehearseSyncMilliseconds));
    }

    private static GatewayAccess OpenAccess(
        ServiceOptions options, Broker broker, IFileSystem files, ILoggerFactory loggers)
    {
        AnonymousRule anonymous = options.Mqtt.AllowAnonymous switch
        {
            true => AnonymousRule.Everywhere,
            false => AnonymousRule.Nowhere,
            null => AnonymousRule.OnLoopback,
        };
        string directory = AccessDirectory.Of(options.DataDirectory);
        return new GatewayAccess(
            files, directory, anonymous, broker.Disconnect, broker.ReviewRights, TimeProvider.System, loggers);
    }

    private static RedecodeAudit AuditOf(RedecodeRequest request, RedecodeReport report) => new(
        TimeOf(request.From),
        TimeOf(request.To),
        request.Gateway.Length > 0 ? request.Gateway : null,
        report.Messages,
        report.Changed,
        report.Added,
        report.LeftBehind,
        report.Failed,
        report.SitesThen,
        report.SiteNow,
        report.Error.Length > 0 ? report.Error : null);

    private static DateTimeOffset TimeOf(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private static AccessFacts AccessFactsOf(GatewayAccess access, string name)
    {
        GatewayIdentity? identity = access.Identities.Find(name);
        return new AccessFacts(
            identity is not null,
            identity is { IsRevoked: true },
            [
                .. access.Audit.Refusals.Of(name)
                    .Where(refusal => refusal.Topic.Length == 0 || refusal.Reason == "deny_publish")
                    .Select(refusal => new RefusalFacts(
                        refusal.Reason,
                        refusal.Address,
                        refusal.Topic,
                        refusal.Count,
                        refusal.Last.ToUnixTimeMilliseconds())),
            ]);
    }

    private static void AddServices(
        WebApplicationBuilder builder,
        ServiceOptions options,
        MqttServerOptions mqtt,
        MqttMetrics metrics,
        Broker broker,
        IngestPipeline pipeline,
        GatewayAccess access,
        MqttListeners listeners)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(broker);
        builder.Services.AddSingleton<IIntake>(pipeline.Intake);
        builder.Services.AddSingleton(options.Mqtt.Profile == MqttProfile.Conformance
            ? new ConformanceAuthenticator(access.Authenticator)
            : access.Authenticator);
        builder.Services.AddSingleton(mqtt);
        builder.Services.AddSingleton(metrics);
        builder.Services.AddSingleton<MqttConnectionHandler>();
        builder.Services.AddSingleton(pipeline);
        builder.Services.AddSingleton<PipelineLifetime>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PipelineLifetime>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(40));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.NoDelay = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
            sockets.MaxReadBufferSize = SocketReadBytes;
            sockets.MaxWriteBufferSize = SocketWriteBytes;
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, PlainTransport>(); // the last one is asked first
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Http.WriteBytesMax;
            kestrel.Listen(IPAddress.Parse(options.Http.Address), options.Http.Port);
            listeners.AddTo(kestrel);
        });
    }

    private static void Map(
        WebApplication application,
        ServiceOptions options,
        MqttServerOptions mqtt,
        IngestPipeline pipeline,
        DataDirectory data)
    {
        if (options.Mqtt.AllowAnonymous == true)
        {
            ServiceLog.AnonymousEverywhere(application.Logger);
        }

        var names = new DatabaseNames(MainDatabase, options.Http.DatabaseAliases);
        var limits = new QueryLimits
        {
            RowCountMax = options.Http.QueryRowsMax,
            Duration = TimeSpan.FromSeconds(options.Http.QuerySecondsMax),
        };
        var engine = new InfluxQlEngine(data.Store, limits, names, TimeProvider.System);
        var apiLimits = new ApiLimits(options.Http.WriteBytesMax, limits.Duration);
        MqttListeners.Map(application); // in front of the guard: MQTT has its own
        application.UseTokenGuard(new AccessOptions { Token = options.Http.Token });
        application.MapTelemetry(
            pipeline, engine, names, apiLimits, LimitTable.Of(options, mqtt), TimeProvider.System);
    }
}
