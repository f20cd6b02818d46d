using System.Buffers;
using System.Runtime.InteropServices;
using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The messages of one gateway in the order of their event time. Same site, seed, start, rate and faults give the same
/// bytes, whenever and however fast they are asked for. Not for use by several threads at once.
/// </summary>
public sealed class GatewayPayloads
{
    private readonly string _gateway;
    private readonly string _format;
    private readonly long _start;
    private readonly double _tickSeconds;
    private readonly PlantConditions _conditions;
    private readonly FaultBoard _faults;
    private readonly EffectTrack? _clock;
    private readonly AssetSlots[] _assets;
    private readonly List<Reading> _due = [];
    private readonly ArrayBufferWriter<byte> _body = new(4_096);
    private long _tick;
    private int _nextAsset;
    private long _number; // of the next message
    private uint _sequence; // of the next frame
    private int _sequenceResets; // resets before it
    private int _stuckCount; // of the message that is being made
    private int _missingCount;

    internal GatewayPayloads(
        SiteCatalogue site, Gateway gateway, SimulatorOptions options, long start, FaultBoard faults)
    {
        _gateway = gateway.Id;
        _format = gateway.Format;
        _tickSeconds = 1.0 / options.Rate;
        _conditions = new PlantConditions(options.Seed, options.Surroundings, options.Plan);
        _faults = faults;

        _clock = options.Plan.ClockOf(gateway.Id);
        _start = FirstTime(gateway.Id, start, options.Rate);
        SignalInstance[] all = [.. site.Signals.Where(signal => signal.Asset.Gateway == gateway.Id)];
        Firmware = GatewayFirmware.Of(options, gateway.Id, all, start);
        _assets =
        [
            .. all
                .GroupBy(signal => signal.Asset.Id)
                .Select(signals => AssetSlots.Of(options, start, site.Site, gateway, [.. signals])),
        ];
    }

    /// <summary>Event time of the next moment at which something may be sent, nanoseconds since 1970.</summary>
    public long NextTime => TimeOf(_tick);

    /// <summary>True when the site gives the gateway nothing to send.</summary>
    public bool IsEmpty => _assets.Length == 0;

    /// <summary>How its firmware behaves; null when nothing was asked of it.</summary>
    internal GatewayFirmware? Firmware { get; }

    /// <summary>What the gateway's clock shows, which is what its messages carry.</summary>
    private long TimeTold =>
        _faults.ClockOf(_gateway, _clock?.ClockAt(_conditions.Time) ?? _conditions.Time)
        + (Firmware?.SkewAt(_conditions.Time) ?? 0);

    /// <summary>The next message whose time is not after <paramref name="until"/>.</summary>
    /// <returns>False when there is none yet.</returns>
    public bool TryNext(long until, out GatewayPayload payload)
    {
        while (_assets.Length > 0 && TimeOf(_tick) <= until)
        {
            _conditions.MoveTo(TimeOf(_tick));
            if (_faults.IsSilent(_gateway, _conditions.Time))
            {
                EndTick();
                continue;
            }

            if (TryWriteNext(out payload))
            {
                return true;
            }
        }

        payload = default;
        return false;
    }

    /// <summary>Leaves out what is older than <paramref name="time"/>, as a gateway with a full buffer does.</summary>
    /// <returns>How many moments were left out.</returns>
    public long SkipTo(long time)
    {
        long first = _tick;
        long wanted = (long)Math.Floor((time - _start) / (_tickSeconds * Timestamp.NanosecondsPerSecond));
        if (wanted > _tick)
        {
            _tick = wanted;
            _nextAsset = 0;
        }

        return _tick - first;
    }

    /// <summary>
    /// Event time of a gateway's first moment: in whole milliseconds, because four of the formats carry no more, and
    /// each gateway in its own part of the second.
    /// </summary>
    internal static long FirstTime(string gateway, long start, int rate)
    {
        long offset = (long)(SeededNoise.StreamOf(gateway) % (ulong)(1_000 / rate));
        return ((start / Timestamp.NanosecondsPerMillisecond) + offset) * Timestamp.NanosecondsPerMillisecond;
    }

    private long TimeOf(long tick) =>
        _start + (long)(Math.Round(tick * _tickSeconds * 1_000) * Timestamp.NanosecondsPerMillisecond);

    private bool TryWriteNext(out GatewayPayload payload)
    {
        int sampleCount = 0;
        _body.ResetWrittenCount();
        ReadOnlySpan<byte> topic = _assets[_nextAsset].Topic;
        while (_nextAsset < _assets.Length && (sampleCount == 0 || !PayloadFormat.IsPerAsset(_format)))
        {
            AssetSlots asset = _assets[_nextAsset++];
            topic = asset.Topic;
            sampleCount += Read(asset);
            if (_format != PayloadFormat.JsonValues)
            {
                WriteAsset(asset);
            }
        }

        if (_due.Count > 0)
        {
            PayloadFormat.WriteValues(_body, CollectionsMarshal.AsSpan(_due), TimeTold);
            _due.Clear();
        }

        payload = sampleCount > 0 ? new GatewayPayload(topic, _body.WrittenSpan, OriginOf(sampleCount)) : default;
        if (_nextAsset == _assets.Length)
        {
            EndTick();
        }

        return sampleCount > 0;
    }

    private MessageOrigin OriginOf(int sampleCount)
    {
        var origin = new MessageOrigin(
            _number++,
            Firmware?.ResetsUntil(_conditions.Time) ?? 0,
            _conditions.Time,
            TimeTold,
            sampleCount,
            _stuckCount,
            _missingCount);
        _stuckCount = 0;
        _missingCount = 0; // of the messages between that had no sample left, too
        return origin;
    }

    private int Read(AssetSlots asset)
    {
        int sampleCount = 0;
        foreach (SamplingSlot slot in asset.Slots)
        {
            if (!slot.IsDue(_tick, _conditions.Seconds, _tickSeconds))
            {
                continue;
            }

            double value = Measure(slot);
            if (!double.IsNaN(value))
            {
                var reading = Reading.Of(slot.Model.Signal, value);
                _due.Add(Firmware?.Tell(reading, _conditions.Time) ?? reading);
                sampleCount++;
            }
        }

        return sampleCount;
    }

    /// <summary>What a sensor reads and its gateway makes of that; NaN when the sample is lost.</summary>
    private double Measure(SamplingSlot slot)
    {
        SignalInstance signal = slot.Model.Signal;
        double change = _faults.ChangeOf(signal, _conditions.Time, out bool isStuck);
        BrownOutEffect supply = Firmware?.BrownOutOf(signal, _tick, _conditions.Time) ?? default;
        double before = slot.Model.LastValue;
        double value = slot.Model.Read(_conditions, _tick, change + supply.Change, isStuck || supply.IsStuck);
        bool isDown = Firmware?.IsDown(_conditions.Time) ?? false; // what it would have read goes on all the same
        if (double.IsNaN(value) || isDown)
        {
            return double.NaN;
        }

        _stuckCount += supply.IsStuck && value.Equals(before) ? 1 : 0;
        _missingCount += supply.IsMissing ? 1 : 0;
        return supply.IsMissing ? double.NaN
            : Firmware is not null && signal.Definition.Key == "uptime"
                ? Firmware.UptimeAt(_conditions.Time, value)
                : value;
    }

    private void WriteAsset(AssetSlots asset)
    {
        if (_due.Count == 0)
        {
            return;
        }

        ReadOnlySpan<Reading> due = CollectionsMarshal.AsSpan(_due);
        switch (_format)
        {
            case PayloadFormat.LineProtocol:
                PayloadFormat.WriteLine(_body, asset.Series, due, TimeTold);
                break;
            case PayloadFormat.Senml:
                PayloadFormat.WriteSenml(_body, due, TimeTold);
                break;
            case PayloadFormat.Frame:
                CompactFrame.Write(_body, due, TimeTold, NextSequence());
                break;
            default:
                PayloadFormat.WriteFlat(_body, due, TimeTold);
                break;
        }

        _due.Clear();
    }

    /// <summary>Numbers of frames go up by one and begin anew when the gateway does.</summary>
    private uint NextSequence()
    {
        int resetCount = Firmware?.ResetsUntil(_conditions.Time) ?? 0;
        if (resetCount != _sequenceResets)
        {
            _sequenceResets = resetCount;
            _sequence = 0;
        }

        return unchecked(_sequence++); // wraps, as the format says
    }

    private void EndTick()
    {
        _tick++;
        _nextAsset = 0;
    }

    /// <summary>The sampling slots of one asset, with the names they are written under.</summary>
    private sealed record AssetSlots(byte[] Topic, byte[] Series, SamplingSlot[] Slots)
    {
        public static AssetSlots Of(
            SimulatorOptions options, long start, string site, Gateway gateway, SignalInstance[] signals)
        {
            Asset asset = signals[0].Asset;
            return new AssetSlots(
                PayloadFormat.TopicOf(gateway.Format, site, gateway.Id, asset),
                PayloadFormat.SeriesOf(site, asset),
                [.. signals.Select(signal => SlotOf(options, start, signal))]);
        }

        private static SamplingSlot SlotOf(SimulatorOptions options, long start, SignalInstance signal)
        {
            Func<PlantConditions, double>? recorded = options.Replay?.SeriesOf(signal, start);
            EffectTrack? effects = options.Plan.TrackOf(signal);
            return new SamplingSlot(options.Seed, new SignalModel(options.Seed, signal, effects, recorded));
        }
    }
}
