using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// What is known of one gateway since the service started. Written by the decoding thread, read by anyone.
/// </summary>
public sealed class GatewayStatus
{
    private const long ShowInterval = 10 * Timestamp.NanosecondsPerSecond;
    private const double NanosecondsPerSecond = Timestamp.NanosecondsPerSecond;
    private long _messages;
    private long _points;
    private long _quarantined;
    private long _refused;
    private long _notAMeasurement;
    private long _noRoute;
    private long _lastArrival;
    private long _clockShown;
    private volatile ClockView? _clock;

    internal GatewayStatus(string key, int number)
    {
        Key = key;
        Number = number;
    }

    /// <summary>Its key: the client identifier, or what a route captures from the topic.</summary>
    public string Key { get; }

    /// <summary>Its number in the registry; 0 for those that share one entry.</summary>
    internal int Number { get; }

    /// <summary>Messages received.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Points decoded from them.</summary>
    public long Points => Volatile.Read(ref _points);

    /// <summary>Messages in quarantine.</summary>
    public long Quarantined => Volatile.Read(ref _quarantined);

    /// <summary>Points refused by name.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Messages without a number or truth value, or on routes that take none.</summary>
    public long NotAMeasurement => Volatile.Read(ref _notAMeasurement);

    /// <summary>Messages on topics no route takes.</summary>
    public long NoRoute => Volatile.Read(ref _noRoute);

    /// <summary>Arrival of its last message, nanoseconds since 1970.</summary>
    public long LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>Its clock; null until a time of its own was heard.</summary>
    public ClockView? Clock => _clock;

    /// <summary>Shows the clock when something has changed, and else at most once in ten seconds.</summary>
    internal void Show(WatchedClock? watched, long arrivalTime)
    {
        if (watched is not { Clock: { Since: > 0 } clock })
        {
            return;
        }

        string state = ClockView.NameOf(clock.State);
        if (arrivalTime - _clockShown < ShowInterval && _clock?.State == state)
        {
            return;
        }

        _clockShown = arrivalTime;
        bool isKnown = clock.Uncertainty > 0 || clock.State == ClockState.Reset;
        double drift = clock.DriftSecondsPerDay;
        _clock = new ClockView(
            state,
            isKnown ? clock.Skew / NanosecondsPerSecond : null,
            double.IsNaN(drift) ? null : drift,
            clock.Uncertainty > 0 ? clock.Uncertainty / NanosecondsPerSecond : null,
            clock.Since / Timestamp.NanosecondsPerMillisecond,
            watched.Policy is { Correct: true, Times: TimeSource.Own });
    }

    internal void Count(long arrivalTime, int points, int refused, RecordFate fate)
    {
        Volatile.Write(ref _messages, _messages + 1);
        Volatile.Write(ref _points, _points + points);
        Volatile.Write(ref _refused, _refused + refused);
        Volatile.Write(ref _quarantined, _quarantined + (fate == RecordFate.Quarantined ? 1 : 0));
        Volatile.Write(ref _notAMeasurement, _notAMeasurement + (fate == RecordFate.NotAMeasurement ? 1 : 0));
        Volatile.Write(ref _noRoute, _noRoute + (fate == RecordFate.NoRoute ? 1 : 0));
        Volatile.Write(ref _lastArrival, arrivalTime);
    }
}

/// <summary>All gateways that have been heard, with a ceiling.</summary>
public sealed class GatewayRegistry
{
    private const int CountMax = 100_000; // beyond it the rest shares one entry, so that made-up names cost nothing
    private readonly ByteKeyTable<GatewayStatus> _gateways = new(); // added to under the lock
    private readonly ByteBudget _bytes = new(IngestionLimits.GatewayKeyBytesMax);
    private readonly GatewayStatus _rest = new("(others)", number: 0);
    private readonly Lock _adding = new();
    private readonly List<GatewayStatus> _byNumber;

    /// <summary>An empty registry.</summary>
    public GatewayRegistry() => _byNumber = [_rest];

    /// <summary>All of them, in no order; with "(others)" when some did not fit.</summary>
    public IReadOnlyCollection<GatewayStatus> All
    {
        get
        {
            lock (_adding)
            {
                return [.. _byNumber.Where(gateway => gateway.Messages > 0)];
            }
        }
    }

    internal GatewayStatus Of(ReadOnlySpan<byte> key)
    {
        if (_gateways.TryFind(key, out GatewayStatus? known))
        {
            return known;
        }

        lock (_adding)
        {
            if (_gateways.TryFind(key, out known))
            {
                return known;
            }

            if (_gateways.Count >= CountMax || !_bytes.TryTake(key.Length))
            {
                return _rest;
            }

            var added = new GatewayStatus(Encoding.UTF8.GetString(key), _byNumber.Count);
            _byNumber.Add(added);
            _gateways.Add(key, added);
            return added;
        }
    }

    internal string KeyAt(int number)
    {
        lock (_adding)
        {
            return _byNumber[number].Key;
        }
    }
}
