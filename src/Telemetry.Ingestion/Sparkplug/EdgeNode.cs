using System.Text;
using Telemetry.Buffers;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>
/// One edge node as its messages tell: its session from birth to death, its devices, what is missing in between, and
/// what is held until it has come.
/// </summary>
internal sealed class EdgeNode
{
    private readonly SparkplugBudget _budget;
    private readonly Dictionary<byte[], EdgeDevice> _devices = new(BytesComparer.Instance);
    private readonly List<HeldMessage> _held = [];
    private SequenceOrder _order;
    private int _missingCount;
    private int _unsureLast = -1; // number of the last message that came while nobody was sure

    public EdgeNode(byte[] group, byte[] name, SparkplugBudget budget)
    {
        Group = group;
        Name = name;
        _budget = budget;
    }

    public byte[] Group { get; }

    public byte[] Name { get; }

    /// <summary>Who brought its last message: the node's own connection, or a broker.</summary>
    public byte[] Client { get; private set; } = [];

    /// <summary>The node's own metrics.</summary>
    public EdgeDevice Own { get; private set; } = new([]);

    public IReadOnlyCollection<EdgeDevice> Devices => _devices.Values;

    public IReadOnlyList<HeldMessage> Held => _held;

    /// <summary>Of its last birth; −1 when that said none.</summary>
    public long BirthDeathSequence { get; private set; } = -1;

    /// <summary>Arrival of the first message behind the gap that is waited for; 0 without.</summary>
    public long GapSince { get; private set; }

    /// <summary>The number that is missing.</summary>
    public int Missing { get; private set; }

    /// <summary>Messages were lost: until the next birth nothing is believed that has no name of its own.</summary>
    public bool IsLost { get; private set; }

    public long LastArrival { get; private set; }

    public long Births { get; private set; }

    public long Gaps { get; private set; }

    public RebirthPacing Pacing { get; } = new();

    /// <summary>The sequence number expected next; −1 without.</summary>
    public int Expected => _order.Expected;

    /// <summary>True while data by alias is decoded.</summary>
    public bool IsSure => Own.IsBorn && !IsLost;

    public void Hear(ReadOnlySpan<byte> client, long arrival)
    {
        Client = client.SequenceEqual(Client) ? Client : client.ToArray();
        LastArrival = arrival;
    }

    public EdgeDevice? Find(ReadOnlySpan<byte> device) => device.IsEmpty
        ? Own
        : _devices.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(device, out EdgeDevice? known) ? known : null;

    /// <summary>A birth of the node begins a session: what is known of its devices holds no more.</summary>
    public void Begin(
        in SparkplugHeader header, BirthTable births, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> topic, long time)
    {
        bool isOther = BirthDeathSequence >= 0 && header.BirthDeathSequence >= 0
            && header.BirthDeathSequence != BirthDeathSequence;
        BirthDeathSequence = header.BirthDeathSequence;
        foreach (EdgeDevice device in Devices)
        {
            device.EndSession();
        }

        bool keepsMeanings = Own.Begin(births, header, topic, time);
        _order.Begin(header.Sequence, payload);
        (IsLost, GapSince) = (false, 0);
        Births++;
        LetGo(held => isOther || !held.IsData || (!keepsMeanings && held.Device.Length == 0));
        WaitForBirth();
        _unsureLast = -1;
    }

    /// <summary>A device is born; false when there are too many.</summary>
    public bool TryBegin(
        ReadOnlySpan<byte> device,
        BirthTable births,
        in SparkplugHeader header,
        ReadOnlySpan<byte> topic,
        long time)
    {
        EdgeDevice? known = Find(device);
        if (known is null && _devices.Count >= SparkplugLimits.DevicesPerNodeMax)
        {
            return false;
        }

        if (known is null)
        {
            known = new EdgeDevice(device.ToArray());
            _devices.Add(known.Name, known);
        }

        if (!known.Begin(births, header, topic, time))
        {
            LetGoOf(known.Name);
        }

        return true;
    }

    /// <summary>The node's session is over, and with it that of its devices.</summary>
    public void Die(long time)
    {
        foreach (EdgeDevice device in Devices.Append(Own).Where(device => device.IsOnline))
        {
            device.Die(time);
        }

        (IsLost, GapSince, _unsureLast) = (false, 0, -1);
        LetGo(_ => true); // of a session whose aliases nobody can say any more; it is in quarantine
    }

    /// <summary>
    /// Hears a message while nobody is sure. Where one before it was lost, that may have been a birth, and what is held
    /// of a device whose aliases nobody knew before is of no meaning any more.
    /// </summary>
    /// <returns>False for a message that was overtaken: what its aliases meant may have changed before.</returns>
    public bool HearUnsure(int sequence)
    {
        const int Half = 128; // beyond it a number is behind and not ahead
        bool isBehind = _unsureLast >= 0 && sequence >= 0 && ((_unsureLast - sequence) & byte.MaxValue) < Half;
        if (isBehind)
        {
            return false;
        }

        bool isNext = _unsureLast < 0 || sequence < 0 || sequence == ((_unsureLast + 1) & byte.MaxValue);
        _missingCount += isNext ? 0 : (sequence - _unsureLast - 1) & byte.MaxValue;
        _unsureLast = sequence;
        if (!isNext)
        {
            LetGo(held => held.Sequence < 0 && Find(held.Device) is not { IsOnline: true, Births: not null });
        }

        return true;
    }

    /// <summary>Forgets what is held of a device; it stays in quarantine.</summary>
    public void LetGoOf(byte[] device) =>
        LetGo(held => held.Sequence < 0 && held.Device.AsSpan().SequenceEqual(device));

    public SequencePlace Order(int sequence, ReadOnlySpan<byte> payload, long arrival)
    {
        int expected = _order.Expected;
        SequencePlace place = _order.Take(sequence, payload);
        if (place == SequencePlace.BehindGap && GapSince == 0)
        {
            (GapSince, Missing) = (Math.Max(1, arrival), expected);
            Gaps++;
        }

        return place;
    }

    /// <summary>True when more stand behind the gap than can be waited with.</summary>
    public bool IsOverrun => GapSince != 0 && _order.AheadCount >= SparkplugLimits.AheadMax;

    /// <summary>Takes out what was held and stands before the expected number now, in order.</summary>
    public List<HeldMessage> TakePassed()
    {
        int first = Missing;
        List<HeldMessage> passed =
        [
            .. _held.Where(held => held.Sequence >= 0 && _order.IsPassed(held.Sequence, first))
                .OrderBy(held => (held.Sequence - first) & byte.MaxValue),
        ];
        LetGo(passed.Contains);
        (GapSince, Missing) = _order.AheadCount == 0 ? (0, 0) : (GapSince, _order.Expected);
        return passed;
    }

    /// <summary>Goes on behind the gap as if nothing were missing.</summary>
    public List<HeldMessage> PassOverGap()
    {
        NoteMissing();
        _order.PassOver();
        int first = Missing;
        List<HeldMessage> passed =
            [.. _held.Where(held => held.Sequence >= 0).OrderBy(held => (held.Sequence - first) & byte.MaxValue)];
        LetGo(passed.Contains);
        GapSince = 0;
        return passed;
    }

    /// <summary>
    /// Gives the missing ones up: one of them may have been a birth. What is held waits for the next one; deaths of
    /// devices are given back, for they are true in any case.
    /// </summary>
    public List<HeldMessage> Lose()
    {
        NoteMissing();
        (IsLost, GapSince, _unsureLast) = (true, 0, _order.Last);
        List<HeldMessage> deaths = [.. _held.Where(held => held.Kind == SparkplugKind.DeviceDeath)];
        LetGo(held => !held.IsData || Find(held.Device) is not { IsOnline: true, Births: not null });
        WaitForBirth();
        return deaths;
    }

    /// <summary>Messages that were lost since this was asked last.</summary>
    public int TakeMissingCount()
    {
        int count = _missingCount;
        _missingCount = 0;
        return count;
    }

    /// <summary>Takes out what waits for the birth of a device (empty: of the node).</summary>
    public List<HeldMessage> TakeWaiting(ReadOnlySpan<byte> device)
    {
        var waiting = new List<HeldMessage>();
        foreach (HeldMessage held in _held)
        {
            if (held.Sequence < 0 && device.SequenceEqual(held.Device))
            {
                waiting.Add(held);
            }
        }

        LetGo(waiting.Contains);
        return waiting;
    }

    public bool TryHold(HeldMessage message)
    {
        bool fits = _held.Count < SparkplugLimits.HeldPerNodeMax && _budget.TryHold(message.Record.Length);
        if (fits)
        {
            _held.Add(message);
        }

        return fits;
    }

    /// <summary>Forgets what has waited too long.</summary>
    public void LetGoBefore(long arrival)
    {
        // Asked with every message: nothing is to be made for it. What is held stands in the order of arrival, nearly.
        while (_held.Count > 0 && _held[0].ArrivalTime < arrival)
        {
            _budget.LetGo(_held[0].Record.Length);
            _held.RemoveAt(0);
        }
    }

    public void Save(scoped in StateWriter writer)
    {
        writer.Block(Group);
        writer.Block(Name);
        writer.Block(Client);
        writer.Int64(BirthDeathSequence);
        writer.Int64(GapSince);
        writer.Int32(Missing);
        writer.Flag(IsLost);
        writer.Int64(LastArrival);
        writer.Int64(Births);
        writer.Int64(Gaps);
        writer.Int32(_unsureLast);
        writer.Int32(_missingCount);
        Pacing.Save(writer);
        _order.Save(writer);
        Own.Save(writer);
        writer.Int32(_devices.Count);
        foreach (EdgeDevice device in Devices)
        {
            device.Save(writer);
        }

        writer.Int32(_held.Count);
        foreach (HeldMessage held in _held)
        {
            writer.Byte((byte)held.Kind);
            writer.Block(held.Device);
            writer.Int32(held.Sequence);
            writer.Int64(held.Offset);
            writer.Block(held.Record);
        }
    }

    public static EdgeNode Restore(scoped ref StateReader reader, SparkplugBudget budget)
    {
        var node = new EdgeNode(reader.Block().ToArray(), reader.Block().ToArray(), budget)
        {
            Client = reader.Block().ToArray(),
            BirthDeathSequence = reader.Int64(),
            GapSince = reader.Int64(),
            Missing = reader.Int32(),
            IsLost = reader.Flag(),
            LastArrival = reader.Int64(),
            Births = reader.Int64(),
            Gaps = reader.Int64(),
        };
        node._unsureLast = reader.Int32();
        node._missingCount = reader.Int32();
        node.Pacing.Restore(ref reader);
        node._order = SequenceOrder.Restore(ref reader);
        node.Own = EdgeDevice.Restore(ref reader, budget);
        for (int left = reader.Int32(); left > 0 && !reader.IsFailed; left--)
        {
            EdgeDevice device = EdgeDevice.Restore(ref reader, budget);
            node._devices.TryAdd(device.Name, device);
        }

        for (int left = reader.Int32(); left > 0 && !reader.IsFailed; left--)
        {
            node.TryHold(new HeldMessage(
                (SparkplugKind)reader.Byte(),
                reader.Block().ToArray(),
                reader.Int32(),
                reader.Int64(),
                reader.Block().ToArray()));
        }

        return node;
    }

    public override string ToString() => $"{Encoding.UTF8.GetString(Group)}/{Encoding.UTF8.GetString(Name)}";

    private void NoteMissing() => _missingCount += _order.MissingCount;

    private void WaitForBirth()
    {
        for (int i = 0; i < _held.Count; i++)
        {
            _held[i] = _held[i] with { Sequence = -1 };
        }
    }

    private void LetGo(Predicate<HeldMessage> isGone)
    {
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            if (isGone(_held[i]))
            {
                _budget.LetGo(_held[i].Record.Length);
                _held.RemoveAt(i);
            }
        }
    }
}
