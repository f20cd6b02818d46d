using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Reads and decodes for one consumer that is behind the kept batches. Nothing it reads is counted again.
/// </summary>
internal sealed class LaggingDecoder(DecodedLog log, Spool.Spool spool)
{
    private const int BatchesUntilForgotten = 4_096; // seconds under load, an hour without
    private RecordDecoder? _decoder;
    private SpoolReader? _reader;
    private int _batchesAtTail;

    /// <summary>Where it goes on, as far as the log has handed batches to it.</summary>
    public long Next { get; set; }

    /// <summary>It takes the kept batches, and the others wait a little for it.</summary>
    public bool IsAtTail { get; set; }

    /// <summary>Completes when another reader has moved; null when this one does not wait for others.</summary>
    public Task? OthersMoving { get; set; }

    /// <summary>It takes part in the kept batches: after many of them it lets go of what it had of its own.</summary>
    public void OnHanded()
    {
        if (_decoder is not null && ++_batchesAtTail == BatchesUntilForgotten)
        {
            _reader?.Dispose();
            _reader = null;
            _decoder = null;
        }
    }

    public BatchLease? TryNext(long offset, long before)
    {
        _batchesAtTail = 0;
        if (_decoder is null || _reader?.Position != offset)
        {
            _reader?.Dispose();
            _reader = spool.OpenReader(offset);
            if (_decoder is null)
            {
                _decoder = log.DecoderAt(offset);
            }
            else
            {
                log.Bring(_decoder, offset);
            }
        }

        BatchLease lease = log.Rent();
        if (_decoder.TryFill(lease.Batch, _reader!, before))
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }
}
