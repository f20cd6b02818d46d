namespace Telemetry.Ingestion.Tests;

/// <summary>
/// An edge node with two devices that keeps the standard, and a network that does not deliver all of it, nor in order.
/// Each session gives other aliases to its metrics; only deaths are never lost.
/// </summary>
internal sealed class ScriptedNode(string name, Random random)
{
    private const int MetricsPerDevice = 5;
    private static readonly string[] Devices = ["", "D0", "D1"];
    private readonly List<(string Topic, byte[] Payload)> _underWay = [];
    private readonly Dictionary<string, Dictionary<int, ulong>> _aliases = [];
    private bool _isAlive;
    private bool _isAsked;
    private int _sequence;
    private long _bdSeq;
    private long _value;
    private long _sent;

    public string Name { get; } = name;

    public void OnRebirthWanted() => _isAsked = true;

    /// <summary>What it does next, as it arrives.</summary>
    public List<(string Topic, byte[] Payload)> Step(long now)
    {
        now += ++_sent; // no two are sent at one time
        var arriving = new List<(string, byte[])>();
        bool dies = _isAlive && random.Next(60) == 0;
        if (dies)
        {
            _isAlive = false;
            _underWay.Clear();
            arriving.Add((TopicOf("NDEATH", ""), EdgePayload.At(now, -1).Born("bdSeq", null, _bdSeq, true).Bytes));
        }
        else if (!_isAlive || _isAsked)
        {
            Birth(now);
        }
        else if (random.Next(15) == 0)
        {
            SendBirth(Devices[1 + random.Next(2)], now, isNew: true);
        }
        else
        {
            Data(now);
        }

        while (_underWay.Count > random.Next(3))
        {
            int next = random.Next(8) == 0 ? random.Next(_underWay.Count) : 0;
            (string Topic, byte[] Payload) message = _underWay[next];
            _underWay.RemoveAt(next);
            if (random.Next(25) != 0)
            {
                arriving.Add(message);
            }

            if (random.Next(40) == 0)
            {
                arriving.Add(message);
            }
        }

        return arriving;
    }

    private void Birth(long now)
    {
        _bdSeq = _isAlive ? _bdSeq : (_bdSeq + 1) % 256;
        bool isNew = !_isAlive;
        (_isAlive, _isAsked, _sequence) = (true, false, 0);
        foreach (string device in Devices)
        {
            SendBirth(device, now, isNew);
        }
    }

    private void SendBirth(string device, long now, bool isNew)
    {
        if (isNew || !_aliases.TryGetValue(device, out _))
        {
            // Out of a few numbers, so that the same alias soon means another metric.
            ulong[] aliases = [.. Enumerable.Range(0, MetricsPerDevice).Select(i => (ulong)i)];
            random.Shuffle(aliases);
            int device0 = Array.IndexOf(Devices, device) * 10;
            _aliases[device] = Enumerable.Range(0, MetricsPerDevice).ToDictionary(
                metric => metric, metric => aliases[metric] + (ulong)device0);
        }

        EdgePayload payload = EdgePayload.At(now, Next());
        payload = device.Length == 0 ? payload.Born("bdSeq", null, _bdSeq, true) : payload;
        foreach ((int metric, ulong alias) in _aliases[device])
        {
            payload.Born($"m{metric}", alias, ValueOf(metric));
        }

        _underWay.Add((TopicOf(device.Length == 0 ? "NBIRTH" : "DBIRTH", device), payload.Bytes));
    }

    private void Data(long now)
    {
        string device = Devices[random.Next(Devices.Length)];
        EdgePayload payload = EdgePayload.At(now, Next());
        for (int i = 0; i <= random.Next(3); i++)
        {
            int metric = random.Next(MetricsPerDevice);
            payload.Aliased(_aliases[device][metric], ValueOf(metric));
        }

        _underWay.Add((TopicOf(device.Length == 0 ? "NDATA" : "DDATA", device), payload.Bytes));
    }

    private int Next()
    {
        int sequence = _sequence;
        _sequence = (_sequence + 1) % 256;
        return sequence;
    }

    private long ValueOf(int metric) => (++_value * 1_000) + metric;

    private string TopicOf(string kind, string device) =>
        device.Length == 0 ? $"spBv1.0/G/{kind}/{Name}" : $"spBv1.0/G/{kind}/{Name}/{device}";
}
