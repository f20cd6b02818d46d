using Microsoft.Extensions.Logging;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>Appends a tick record each second: the clock of silence and delays, on which a replay is exact.</summary>
public sealed class Ticker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Spool.Spool _spool;
    private readonly ArrivalClock _clock;
    private readonly TimeProvider _time;
    private readonly ClockWatch _watch;

    /// <param name="spool">Where ticks go.</param>
    /// <param name="clock">Gives their time.</param>
    /// <param name="time">Gives the rhythm.</param>
    /// <param name="logger">For a clock that was set back.</param>
    public Ticker(Spool.Spool spool, ArrivalClock clock, TimeProvider time, ILogger logger)
    {
        _watch = new ClockWatch(clock, logger);
        _spool = spool;
        _clock = clock;
        _time = time;
    }

    /// <summary>Ticks until cancelled. A tick that finds no room is left out: the next one says the same.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        var record = new byte[SpoolRecord.Measure(0)];
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            SpoolRecord.Seal(record, (byte)RecordKind.Tick, lane: 0, _clock.Now());
            _spool.TryAppend(record, listener: null, out _);
            _watch.Look();
        }
    }
}
