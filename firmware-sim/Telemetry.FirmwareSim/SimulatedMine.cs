using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The mine of a site file, simulated: each gateway that has signals connects with its own identifier and publishes
/// what its machines would measure. What it says is a function of seed, start and faults; only when it says so is
/// timing.
/// </summary>
public sealed class SimulatedMine
{
    private readonly SimulatorOptions _options;
    private readonly ILogger _log;
    private readonly FaultBoard _faults;
    private readonly MineClock _clock;
    private readonly MqttSender[] _senders;

    /// <param name="site">What there is to simulate.</param>
    /// <param name="options">How; refused when out of bounds.</param>
    /// <param name="time">Real time; null for the system's.</param>
    /// <param name="log">Null for none.</param>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public SimulatedMine(
        SiteCatalogue site, SimulatorOptions options, TimeProvider? time = null, ILogger<SimulatedMine>? log = null)
    {
        options.Require(site);
        time ??= TimeProvider.System;
        long start = Timestamp.From(options.Start ?? time.GetUtcNow());
        _options = options;
        _log = log ?? NullLogger<SimulatedMine>.Instance;
        _faults = new FaultBoard(options.SpeedFactor);
        _clock = new MineClock(time, start, options.SpeedFactor);
        (Gateway Gateway, GatewayPayloads Payloads)[] speaking =
        [
            .. site.Gateways
                .Select(gateway => (gateway, new GatewayPayloads(site, gateway, options, start, _faults)))
                .Where(pair => !pair.Item2.IsEmpty),
        ];
        FirmwareEvents = [.. speaking.SelectMany(pair => pair.Payloads.Firmware?.Events ?? [])];
        _senders =
        [
            .. speaking.Select(pair => new MqttSender(
                pair.Gateway, new GatewayOutbox(pair.Gateway.Id, pair.Payloads, options.Ledger), options, _clock, time,
                _log)),
        ];
        if (FaultScenario.Find(options.Fault) is { } scenario)
        {
            double afterSeconds = options.FaultAfterSeconds * options.SpeedFactor;
            _faults.Begin(scenario, start + (long)(afterSeconds * Timestamp.NanosecondsPerSecond));
        }
    }

    /// <summary>The faults of the run so far, as the truth to score detectors against.</summary>
    public IReadOnlyList<FaultLabel> Labels => _faults.Labels;

    /// <summary>What befalls gateways in the first 90 days of the run, where it was asked for: the truth.</summary>
    public IReadOnlyList<FirmwareEvent> FirmwareEvents { get; }

    /// <summary>How each gateway fares.</summary>
    public IReadOnlyList<GatewayStatus> Status => [.. _senders.Select(sender => sender.Status)];

    /// <summary>Event time now, nanoseconds since 1970.</summary>
    public long EventTime => _clock.Now;

    /// <summary>Publishes until it is cancelled; then it returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _log.MineStarted(_senders.Length, _options.Host, _options.Port);
        if (_options.Ledger is { } ledger)
        {
            foreach (FirmwareEvent happening in FirmwareEvents)
            {
                ledger.OnPlanned(happening);
            }
        }

        try
        {
            await Task.WhenAll(_senders.Select(sender => Task.Run(() => sender.RunAsync(cancellation), cancellation)));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // This is how a run ends.
        }
    }

    /// <summary>Begins a fault now.</summary>
    /// <param name="name">One of <see cref="FaultScenario.All"/>.</param>
    /// <exception cref="ArgumentException">There is no such fault.</exception>
    public FaultLabel Inject(string name)
    {
        FaultScenario scenario = FaultScenario.Find(name)
            ?? throw new ArgumentException($"cannot inject fault \"{name}\": there is none such", nameof(name));
        FaultLabel label = _faults.Begin(scenario, _clock.Now);
        _log.FaultBegan(label.Id, scenario.Asset, scenario.Signal);
        return label;
    }

    /// <summary>Ends every fault of a name that still lasts.</summary>
    /// <returns>How many ended.</returns>
    public int Clear(string name)
    {
        int endedCount = _faults.End(FaultScenario.Find(name)?.Name ?? name, _clock.Now);
        if (endedCount > 0)
        {
            _log.FaultEnded(name);
        }

        return endedCount;
    }
}
