using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alarms;
using Telemetry.Model;
using Telemetry.Spool;
using Telemetry.Store;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// A spool of eight segments whose store stands still until it is told to take, with ledger, alarms and lanes as the
/// service has them. Detection and the broker keep up.
/// </summary>
internal sealed class LaneRig : IDisposable
{
    private const int GroupMessages = 40;
    private readonly TestLog _kept = new("/quarantine");
    private readonly TestLog _journal = new("/alarms");
    private readonly string _directory = Directory.CreateTempSubdirectory("lanes-").FullName;
    private readonly EmbeddedStore _store;
    private readonly LaggingDecoder _tail;
    private readonly StoreConsumer _consumer;
    private readonly LedgerAudit _audit;
    private readonly LedgerTally _tally;
    private readonly LedgerReader _ledger;
    private readonly SpoolRelief _relief;
    private readonly CursorPump _pump;
    private readonly Task _deskRunning;
    private readonly ArrivalClock _clock;
    private readonly List<(long End, string Topic, string Payload)> _sent = [];
    private long _tailAt;

    public LaneRig(params TrafficLane[] lanes)
    {
        Site = SiteWith(lanes);
        var catalogue = new SeriesCatalogue();
        var options = new StoreOptions { Path = Path.Combine(_directory, "store.db"), CheckpointSeconds = 3_600 };
        _store = EmbeddedStore.Open(options, catalogue, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        var context = new DecodingContext(Site, catalogue, new UnboundNames(), long.MaxValue);
        Decoded = new DecodedLog(
            Log.Log, context, new IngestionMetrics(), new RefusedNames(), Log.OpenSnapshots(), TimeProvider.System);
        _tail = Decoded.OpenLagging();
        _audit = new LedgerAudit(Log.Log, start: 0, Words);
        _tally = new LedgerTally(_store.Ledger, context.Gateways, _audit, start: 0);
        _ledger = new LedgerReader(_store.Ledger, _tally, _audit, Log.Log, () => Site, new HurriedTime());
        SpoolHold hold = Log.Log.OpenHold("store", required: true, 0);
        var quarantine = new Quarantine(Log.Log, _kept.Log, NullLogger.Instance);
        _consumer = new StoreConsumer(_store, hold, quarantine, _tally, new HurriedTime(), Words);
        _relief = new SpoolRelief(Log.Log, new HurriedTime());
        _pump = new CursorPump(Log.Log, Decoded, _consumer, _relief, NullLogger.Instance);
        Detect = Log.Log.OpenHold("detect", required: true, 0);
        _clock = new ArrivalClock(Time);
        Desk = new AlarmDesk(new AlarmBoard(catalogue), _journal.Log, _clock, NullLogger.Instance);
        _deskRunning = Task.Run(() => Desk.RunAsync(Site));
        Relief = NewRelief();
        Log.Log.Trim();
    }

    public TestLog Log { get; } = new(bytesMax: 8 * 1024 * 1024) { Arrival = 1_800_000_000_000_000_000 };

    /// <summary>What the nth message says.</summary>
    public Func<int, string> PayloadOf { get; set; } = i => $"m v={i} {i + 1}";

    public HurriedTime Time { get; } = new();

    public RecordedLog Words { get; } = new();

    public SiteCatalogue Site { get; set; }

    public DecodedLog Decoded { get; }

    public AlarmDesk Desk { get; }

    public SpoolHold Detect { get; }

    public LaneRelief Relief { get; private set; }

    /// <summary>How far the store is.</summary>
    public long Stored => _pump.Position;

    /// <summary>By how many messages ledger and log differ.</summary>
    public long Off => _audit.Off;

    public static SiteCatalogue SiteWith(params TrafficLane[] lanes)
    {
        SiteCatalogue mine = SmallMine.With();
        return new SiteCatalogue(mine.Site, mine.Assets, mine.Gateways, mine.Routes, mine.Signals) { Lanes = lanes };
    }

    /// <summary>The part that is tested, as after a restart.</summary>
    public void Restart() => Relief = NewRelief();

    /// <summary>
    /// Messages, in groups with one commit each, until there are so many or intake stops, looked after now and then.
    /// </summary>
    /// <param name="countMax">How many.</param>
    /// <param name="messages">What comes of each gateway in turn.</param>
    public async Task FillAsync(int countMax, params (string Topic, string Client, int Padding)[] messages)
    {
        for (int i = 0; i < countMax && Log.Log.State.Status == SpoolStatus.Running; i++)
        {
            (string topic, string client, int padding) = messages[i % messages.Length];
            string payload = PayloadOf(i) + $"\n#{new string('x', padding)}";
            if (Log.AppendUncommitted(topic, payload, client))
            {
                _sent.Add((Log.Log.AppendedOffset, topic, payload));
            }

            if (i % GroupMessages == GroupMessages - 1 || i == countMax - 1)
            {
                await CommitAsync();
                await LookAsync();
            }
        }
    }

    /// <summary>Payloads of a topic that were acknowledged, oldest first.</summary>
    public List<string> Acknowledged(string topic) =>
    [
        .. _sent.Where(sent => sent.Topic == topic && sent.End <= Log.Log.DurableOffset).Select(sent => sent.Payload),
    ];

    private async Task CommitAsync()
    {
        while (Log.Log.DurableOffset < Log.Log.AppendedOffset && Log.Log.State.Status == SpoolStatus.Running)
        {
            await Task.Yield();
        }
    }

    /// <summary>Everything but the store takes what is there; then lanes give way when room is little.</summary>
    public async Task LookAsync()
    {
        while (Decoded.TryNext(_tailAt, _tail) is { } lease)
        {
            using (lease)
            {
                _tailAt = lease.Batch.EndOffset;
            }
        }

        Detect.ReleaseTo(_tailAt);
        await Relief.LookAsync(CancellationToken.None);
        await Desk.JournalledAsync();
    }

    /// <summary>Once: the store takes all that is there, and the ledger is compared with the log.</summary>
    public async Task StoreAsync()
    {
        using var stop = new CancellationTokenSource();
        Task waking = _relief.RunAsync(stop.Token);
        Task running = Task.Run(() => _pump.RunAsync(stop.Token));
        await _pump.WaitForAsync(Log.Log.DurableOffset, CancellationToken.None);
        await stop.CancelAsync();
        await waking;
        await running;
        _audit.Audit();
    }

    public async Task<Dictionary<string, LedgerRow>> ReadLedgerAsync()
    {
        LedgerView view = await _ledger.ReadAsync(0, long.MaxValue, "", CancellationToken.None);
        Assert.True(view.Closes, string.Join(Environment.NewLine, Words.Lines));
        return view.Rows.ToDictionary(row => row.Gateway);
    }

    /// <summary>The whole records of the log, as topic and payload, and how many are dropped.</summary>
    public (List<(string Topic, string Payload)> Whole, int Dropped) ReadLog()
    {
        var whole = new List<(string, string)>();
        int dropped = 0;
        using SpoolReader reader = Log.Log.OpenReader(Log.Log.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            dropped += record.IsDropped ? 1 : 0;
            if (!record.IsDropped && record.Kind == (byte)RecordKind.Publish)
            {
                MessageRecord message = MessageRecord.Read(record.Body);
                whole.Add((SmallMine.Text(message.Topic), SmallMine.Text(message.Payload)));
            }
        }

        return (whole, dropped);
    }

    public void Dispose()
    {
        Desk.Complete();
        _deskRunning.Wait();
        _relief.Dispose();
        _store.Dispose();
        Log.Dispose();
        _kept.Dispose();
        _journal.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private LaneRelief NewRelief() => new(Log.Log, Decoded, _pump, () => Site, Desk, _clock, Time, Words);
}
