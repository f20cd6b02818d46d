using System.Buffers;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A gateway's clock with the policy that the site has for it.</summary>
internal sealed class WatchedClock(ClockPolicy policy)
{
    public GatewayClock Clock { get; } = new();

    public ClockPolicy Policy { get; set; } = policy;
}

/// <summary>
/// The clocks of all gateways, a part of what decoding remembers. Allocates for a gateway's first record only.
/// </summary>
internal sealed class GatewayClocks : IDecodingStatePart
{
    /// <summary>Gateways whose clocks are watched, 1.2 KB each; times of further ones stay as they came.</summary>
    public const int CountMax = 10_000;

    /// <summary>Bytes of a gateway's key that a clock is kept for; longer ones have none.</summary>
    public const int KeyBytesMax = 1_024;

    private const ushort Version = 1;
    private readonly ByteKeyTable<WatchedClock> _clocks = new();
    private readonly Dictionary<string, ClockPolicy> _policies = new(StringComparer.Ordinal);
    private ClockPolicy _default = ClockPolicy.Default;

    /// <summary>Takes the policies of a site; what is known of the clocks stays.</summary>
    public void Use(SiteCatalogue site)
    {
        _default = site.Clock;
        _policies.Clear();
        foreach (Gateway gateway in site.Gateways)
        {
            _policies[gateway.Id] = gateway.Clock ?? site.Clock;
        }

        foreach ((byte[] gateway, WatchedClock clock) in _clocks.InOrder())
        {
            clock.Policy = PolicyOf(gateway);
        }
    }

    /// <summary>The clock of a gateway; null beyond the ceiling.</summary>
    public WatchedClock? Of(ReadOnlySpan<byte> gateway)
    {
        if (_clocks.TryFind(gateway, out WatchedClock? known))
        {
            return known;
        }

        if (_clocks.Count >= CountMax || gateway.Length > KeyBytesMax)
        {
            return null;
        }

        byte[] key = gateway.ToArray();
        var clock = new WatchedClock(PolicyOf(key));
        _clocks.Add(key, clock);
        return clock;
    }

    /// <inheritdoc/>
    public void Clear() => _clocks.Clear();

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        writer.UInt16(Version);
        foreach ((byte[] gateway, WatchedClock watched) in _clocks.InOrder())
        {
            writer.Block(gateway);
            ClockFormat.Write(writer, watched.Clock);
        }
    }

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlySpan<byte> state)
    {
        Clear();
        var reader = new StateReader(state);
        bool isOurs = reader.UInt16() == Version;
        while (isOurs && reader.RestBytes > 0 && _clocks.Count < CountMax)
        {
            byte[] gateway = reader.Block().ToArray();
            var clock = new WatchedClock(PolicyOf(gateway));
            if (!ClockFormat.TryRead(ref reader, clock.Clock) || !_clocks.TryAdd(gateway, clock))
            {
                return false;
            }
        }

        return isOurs && !reader.IsFailed;
    }

    private ClockPolicy PolicyOf(byte[] gateway) =>
        _policies.TryGetValue(Encoding.UTF8.GetString(gateway), out ClockPolicy? own) ? own : _default;
}
