using Telemetry.Site;

namespace Telemetry.FirmwareSim;

/// <summary>
/// The messages of one gateway in the order in which they leave it: what an outage holds back waits in a buffer and
/// follows, some leave later than their turn, and some lose their acknowledgement. Without firmware that does such
/// things it is the order in which they were made. Same seed, start and behaviours give the same messages in the same
/// order, whenever they are asked for. Not for several threads at once; the counts may be read by any.
/// </summary>
internal sealed class GatewayOutbox
{
    private const int PlacesMax = 4; // that a message is late
    private static readonly ulong ReorderStream = SeededNoise.StreamOf("reorder");
    private static readonly ulong PlacesStream = SeededNoise.StreamOf("reorder/places");
    private static readonly ulong DuplicateStream = SeededNoise.StreamOf("duplicate");

    private readonly string _gateway;
    private readonly GatewayPayloads _payloads;
    private readonly GatewayFirmware? _firmware;
    private readonly FirmwareLedger? _ledger;
    private readonly LinkMoment[] _moments;
    private readonly ulong _stream;
    private readonly Queue<HeldMessage> _buffer = [];
    private readonly Queue<HeldMessage> _leaving = [];
    private readonly List<(long Position, HeldMessage Message)> _late = [];
    private int _nextMoment;
    private bool _isAway;
    private long _position; // messages that left or are about to
    private long _newest = -1; // number of the youngest message that left
    private long _heldCount;
    private long _lostCount;
    private long _reorderedCount;
    private long _stuckCount;
    private long _missingCount;

    public GatewayOutbox(string gateway, GatewayPayloads payloads, FirmwareLedger? ledger = null)
    {
        _gateway = gateway;
        _payloads = payloads;
        _firmware = payloads.Firmware;
        _ledger = ledger;
        _moments = LinkMoment.Of(_firmware?.Events ?? []);
        _stream = SeededNoise.StreamOf(gateway);
    }

    /// <summary>Event time of the next moment at which something may leave, nanoseconds since 1970.</summary>
    public long NextTime => _leaving.Count > 0 ? 0 : Math.Min(_payloads.NextTime, NextMoment);

    /// <summary>What its firmware did to its messages so far.</summary>
    public FirmwareCounts Counts => new(
        Interlocked.Read(ref _heldCount),
        Interlocked.Read(ref _lostCount),
        Interlocked.Read(ref _reorderedCount),
        Interlocked.Read(ref _stuckCount),
        Interlocked.Read(ref _missingCount));

    private long NextMoment => _nextMoment < _moments.Length ? _moments[_nextMoment].Time : long.MaxValue;

    /// <summary>The next message that leaves not after <paramref name="until"/>.</summary>
    /// <returns>False when there is none yet.</returns>
    public bool TryNext(long until, out GatewayPayload payload)
    {
        while (true)
        {
            if (_leaving.TryDequeue(out HeldMessage? message))
            {
                payload = Leave(message.Payload);
                return true;
            }

            // What was made before a moment is taken before it, so that no timing can change the order.
            if (_payloads.TryNext(Math.Min(until, NextMoment - 1), out payload))
            {
                Count(payload.Origin);
                if (IsPassedOn(payload))
                {
                    _position++;
                    payload = Leave(payload);
                    return true;
                }
            }
            else if (NextMoment <= until)
            {
                Pass(_moments[_nextMoment++]);
            }
            else
            {
                return false;
            }
        }
    }

    /// <summary>Leaves out what is older than <paramref name="time"/> and was not made yet.</summary>
    /// <returns>How many moments were left out.</returns>
    public long SkipTo(long time) => _payloads.SkipTo(time);

    /// <summary>True when it leaves as it is made; else it is kept.</summary>
    private bool IsPassedOn(GatewayPayload payload)
    {
        if (_firmware is not { } firmware)
        {
            return true;
        }

        if (_isAway)
        {
            Hold(new HeldMessage(payload), firmware.Behaviour);
            return false;
        }

        if (_late.Count == 0 && !IsLate(payload.Origin.Number, firmware.Behaviour.Reordered))
        {
            return true;
        }

        Depart(new HeldMessage(payload), firmware.Behaviour.Reordered);
        return false;
    }

    private void Hold(HeldMessage message, ScenarioFirmware behaviour)
    {
        if (_buffer.Count >= behaviour.BufferMessages)
        {
            Lose(_buffer.Dequeue(), "buffer full");
        }

        _buffer.Enqueue(message);
        Interlocked.Increment(ref _heldCount);
    }

    private void Pass(in LinkMoment moment)
    {
        switch (moment.Kind)
        {
            case LinkMoment.Change.Away:
                _isAway = true;
                break;
            case LinkMoment.Change.Back:
                _isAway = false;
                BackFill();
                break;
            case LinkMoment.Change.Reset:
                while (moment.LosesBuffer && _buffer.TryDequeue(out HeldMessage? message))
                {
                    Lose(message, "reset");
                }

                break;
            default:
                throw new InvalidOperationException($"BUG: a link does not know {moment.Kind}");
        }
    }

    private void BackFill()
    {
        while (_buffer.TryDequeue(out HeldMessage? message))
        {
            Depart(message, _firmware!.Behaviour.BackfillReordered);
        }
    }

    /// <summary>Puts a message on its way, in its turn or some places later.</summary>
    private void Depart(HeldMessage message, double lateShare)
    {
        long number = message.Origin.Number;
        if (IsLate(number, lateShare))
        {
            int places = 1 + (int)(Uniform(PlacesStream, number) * PlacesMax);
            _late.Add((_position + places, message));
            return;
        }

        GoOn(message);
        for (int i = 0; i < _late.Count;)
        {
            if (_late[i].Position <= _position)
            {
                HeldMessage due = _late[i].Message;
                _late.RemoveAt(i);
                GoOn(due);
                i = 0; // one that leaves may make room for another
            }
            else
            {
                i++;
            }
        }
    }

    private void GoOn(HeldMessage message)
    {
        _leaving.Enqueue(message);
        _position++;
    }

    private GatewayPayload Leave(GatewayPayload payload)
    {
        long number = payload.Origin.Number;
        if (number < _newest)
        {
            Interlocked.Increment(ref _reorderedCount);
        }

        _newest = Math.Max(_newest, number);
        _ledger?.OnLeft(_gateway, payload.Origin);
        return new GatewayPayload(payload.Topic, payload.Body, payload.Origin)
        {
            LosesAcknowledgement = _firmware is { Behaviour.Duplicates: > 0 } firmware
                && Uniform(DuplicateStream, number) < firmware.Behaviour.Duplicates,
        };
    }

    private void Lose(HeldMessage message, string cause)
    {
        Interlocked.Increment(ref _lostCount);
        _ledger?.OnLost(_gateway, message.Origin, cause);
    }

    private void Count(in MessageOrigin origin)
    {
        Interlocked.Add(ref _stuckCount, origin.StuckCount);
        Interlocked.Add(ref _missingCount, origin.MissingCount);
    }

    private bool IsLate(long number, double share) => share > 0 && Uniform(ReorderStream, number) < share;

    private double Uniform(ulong what, long number) =>
        SeededNoise.Uniform(_firmware!.Seed, _stream ^ what, number);
}
