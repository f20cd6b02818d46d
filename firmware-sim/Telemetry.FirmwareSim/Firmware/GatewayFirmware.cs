using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim;

/// <summary>
/// How the firmware of one gateway behaves: what befalls it, and what that does to clock and readings. A function of
/// seed, start and gateway; asked in the order of time, by one thread.
/// </summary>
internal sealed class GatewayFirmware
{
    private const double MissingShare = 0.5; // of the readings in a brown-out; the others are stuck
    private const double SagVolts = -7.2; // from 24 V to where a regulator gives up
    private static readonly ulong BrownOutStream = SeededNoise.StreamOf("brown-out/reading");

    private readonly FirmwareClock _clock;
    private readonly EventSpans _down;
    private readonly EventSpans _brownOuts;
    private readonly FirmwareEvent? _update;
    private readonly FirmwareEvent[] _resets;
    private readonly ulong _seed;
    private int _resetCount; // begun so far

    private GatewayFirmware(
        ScenarioFirmware behaviour, ulong seed, FirmwareEvent[] events, FirmwareClock clock)
    {
        Behaviour = behaviour;
        Events = events;
        _seed = seed;
        _clock = clock;
        _down = new EventSpans(events, FirmwareEventKind.Reset);
        _brownOuts = new EventSpans(events, FirmwareEventKind.BrownOut);
        _resets = [.. events.Where(one => one.Kind == FirmwareEventKind.Reset)];
        _update = events.FirstOrDefault(one => one.Kind == FirmwareEventKind.Update);
    }

    /// <summary>What was asked for.</summary>
    public ScenarioFirmware Behaviour { get; }

    /// <summary>All that befalls the gateway in the order in which it begins: the truth.</summary>
    public IReadOnlyList<FirmwareEvent> Events { get; }

    /// <summary>The run's seed.</summary>
    public ulong Seed => _seed;

    /// <summary>How a gateway behaves; null when nothing was asked of its firmware.</summary>
    /// <param name="options">The run's.</param>
    /// <param name="gateway">The gateway's identifier.</param>
    /// <param name="signals">What it measures.</param>
    /// <param name="start">Event time at which the run starts.</param>
    public static GatewayFirmware? Of(
        SimulatorOptions options, string gateway, IReadOnlyList<SignalInstance> signals, long start)
    {
        if (options.Firmware is not { } behaviour
            || (behaviour.Gateways.Count > 0 && !behaviour.Gateways.Contains(gateway)))
        {
            return null;
        }

        var draw = new FirmwareDraw(behaviour, options.Seed, gateway, start);
        FirmwareEvent[] events = draw.All(signals);
        return new GatewayFirmware(
            behaviour, options.Seed, events, new FirmwareClock(start, events, draw.Syncs));
    }

    /// <summary>Clock less true time.</summary>
    public long SkewAt(long time) => _clock.SkewAt(time);

    /// <summary>True while it restarts and measures nothing.</summary>
    public bool IsDown(long time) => _down.At(time) is not null;

    /// <summary>How often it has reset by a time.</summary>
    public int ResetsUntil(long time)
    {
        while (_resetCount < _resets.Length && _resets[_resetCount].Start <= time)
        {
            _resetCount++;
        }

        return _resetCount;
    }

    /// <summary>Seconds that it has run at a time, no more than <paramref name="seconds"/>.</summary>
    public double UptimeAt(long time, double seconds)
    {
        int count = ResetsUntil(time);
        return count == 0
            ? seconds
            : Math.Min(seconds, Math.Floor((time - _resets[count - 1].End) / (double)Timestamp.NanosecondsPerSecond));
    }

    /// <summary>What a brown-out does to a reading; nothing at other times.</summary>
    /// <param name="signal">What is read.</param>
    /// <param name="tick">The moment's number.</param>
    /// <param name="time">Event time.</param>
    public BrownOutEffect BrownOutOf(SignalInstance signal, long tick, long time)
    {
        if (_brownOuts.At(time) is null)
        {
            return default;
        }

        if (signal.Definition.Key == "supply_voltage")
        {
            return new BrownOutEffect(IsMissing: false, IsStuck: false, SagVolts);
        }

        ulong stream = SeededNoise.StreamOf(signal.Id) ^ BrownOutStream;
        bool isMissing = SeededNoise.Uniform(_seed, stream, tick) < MissingShare;
        return new BrownOutEffect(isMissing, !isMissing, 0);
    }

    /// <summary>A reading as this firmware tells it.</summary>
    public Reading Tell(in Reading reading, long time)
    {
        if (_update is not { } update || time < update.Start || reading.Signal.Id != update.Signal)
        {
            return reading;
        }

        const int Digits = 6; // what a conversion adds beyond them is nothing but binary fractions
        return reading with
        {
            Name = update.Name.Length > 0 ? update.Name : reading.Name,
            Value = Math.Round((reading.Value * update.Scale) + update.Offset, Digits),
            Unit = update.Unit.Length > 0 ? update.Unit : reading.Unit,
        };
    }
}
