using System.Buffers;
using Telemetry.Buffers;

namespace Telemetry.Ingestion;

/// <summary>
/// The last sequence number of each gateway whose format has them, so that messages that never came are counted.
/// </summary>
internal sealed class MessageSequences : IDecodingStatePart
{
    /// <summary>Gateways remembered; gaps of further ones are not counted.</summary>
    public const int GatewaysMax = 10_000;

    /// <summary>A larger step is another sender under the same name, or an old message, and no gap.</summary>
    public const uint GapMax = 1_000_000;

    private readonly Dictionary<byte[], uint> _last = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], uint>.AlternateLookup<ReadOnlySpan<byte>> _byGateway;

    public MessageSequences() => _byGateway = _last.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>How many messages are missing before this one. 0 begins anew: the sender was restarted.</summary>
    public int MissingBefore(ReadOnlySpan<byte> gateway, uint sequence)
    {
        if (!_byGateway.TryGetValue(gateway, out uint last))
        {
            if (_last.Count < GatewaysMax && gateway.Length <= IngestionLimits.RememberedTopicBytesMax)
            {
                _last.Add(gateway.ToArray(), sequence);
            }

            return 0;
        }

        uint step = unchecked(sequence - last);
        bool isLater = step is > 0 and <= GapMax;
        if (!isLater && sequence != 0)
        {
            return 0;
        }

        _byGateway[gateway] = sequence;
        return isLater ? (int)step - 1 : 0;
    }

    /// <summary>The gateway's next message begins anew.</summary>
    public void Forget(ReadOnlySpan<byte> gateway) => _byGateway.Remove(gateway);

    /// <inheritdoc/>
    public void Clear() => _last.Clear();

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        foreach ((byte[] gateway, uint last) in _last)
        {
            writer.Block(gateway);
            writer.Int32((int)last);
        }
    }

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlySpan<byte> state)
    {
        Clear();
        var reader = new StateReader(state);
        while (reader.RestBytes > 0 && _last.Count < GatewaysMax)
        {
            byte[] gateway = reader.Block().ToArray();
            _last[gateway] = (uint)reader.Int32();
        }

        return !reader.IsFailed;
    }
}
