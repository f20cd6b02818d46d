using Microsoft.Extensions.Logging;

namespace Telemetry.Ingestion;

/// <summary>
/// The one consumer loop: next batch → consumer → position → again; at the end of the log it waits for the next commit.
/// </summary>
public sealed class CursorPump
{
    private readonly Spool.Spool _spool;
    private readonly DecodedLog _log;
    private readonly IBatchConsumer _consumer;
    private readonly SpoolRelief _relief;
    private readonly ILogger _logger;
    private readonly PositionGate _gate;
    private long _position;

    internal CursorPump(
        Spool.Spool spool, DecodedLog log, IBatchConsumer consumer, SpoolRelief relief, ILogger logger)
    {
        _relief = relief;
        _spool = spool;
        _log = log;
        _consumer = consumer;
        _logger = logger;
        _position = Math.Clamp(consumer.DurableOffset, spool.FirstOffset, spool.DurableOffset);
        _gate = new PositionGate(_position);
    }

    /// <summary>The consumer's name.</summary>
    public string Name => _consumer.Name;

    /// <summary>Everything before this offset has been taken.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Everything before this offset is done for good.</summary>
    public long DurablePosition => _consumer.DurableOffset;

    /// <summary>
    /// Completes when everything before <paramref name="offset"/> has been taken; fails when the pump has failed.
    /// </summary>
    public Task WaitForAsync(long offset, CancellationToken cancellationToken) =>
        _gate.WaitForAsync(offset, cancellationToken);

    /// <summary>Runs until cancelled, then lets the consumer complete.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LaggingDecoder lagging = _log.OpenLagging(isWaitedFor: _consumer.IsQuick);
        IngestionLog.ConsumerStarted(_logger, Name, Position, _spool.DurableOffset - Position);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Reach(_consumer.GoOnAt(Position, Math.Max(Position, _log.Tail)));
                using BatchLease? lease = _log.TryNext(Position, lagging);
                if (lease is null)
                {
                    if (await _log.WaitForOthersAsync(lagging, cancellationToken))
                    {
                        continue;
                    }

                    bool isCommitted = await _relief.WaitForCommitAsync(Position, cancellationToken);
                    if (!isCommitted && _consumer.DurableOffset < Position)
                    {
                        await _consumer.CompleteAsync();
                    }

                    continue;
                }

                await _consumer.ConsumeAsync(lease.Batch, cancellationToken);
                Reach(lease.Batch.EndOffset);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop: what was taken is made durable below.
        }
        catch (Exception cause)
        {
            _gate.Fail(cause);
            throw;
        }

        await _consumer.CompleteAsync();
    }

    private void Reach(long offset)
    {
        if (offset > Position)
        {
            Volatile.Write(ref _position, offset);
            _gate.Reached(offset);
        }
    }
}
