using System.Text;
using Telemetry.Model;

namespace Telemetry.Alarms.Tests;

/// <summary>A few signals with alarms, a board over them and its journal as bytes.</summary>
internal sealed class Mine : IAlarmListener
{
    public const long Now = 1_700_000_000_000_000_000;
    public const string First = "CR-201.temp0";

    private static readonly AlarmRule Rule = new(new LimitSet(10, 20, 80, 90), 1, 0, 0, 5, 60, 30);
    private readonly List<byte[]> _journal = [];

    public Mine(int signalCount = 2, int alarmCountMax = AlarmBoard.AlarmCountMaxDefault)
    {
        Board = new AlarmBoard(Catalogue, alarmCountMax);
        for (int i = 0; i < signalCount; i++)
        {
            Bind(i, i);
        }
    }

    public SeriesCatalogue Catalogue { get; } = new();

    public AlarmBoard Board { get; private set; }

    public List<string> Told { get; } = [];

    public IReadOnlyList<byte[]> Journal => _journal;

    public void OnChange(in AlarmChange change) =>
        Told.Add($"{change.Alarm.Id} {change.Alarm.State} [{change.Effects}]");

    public static Finding Find(
        long offset, FindingEdge edge, ConditionKind kind = ConditionKind.HighHigh, int field = 0, long time = 0) =>
        new(new Condition(field, kind), edge, Now + offset + time, offset, 95, 90);

    public static Asset AssetOf(string area = "crushing") => new(
        "CR-201",
        new EquipmentType("CR", "crusher", []),
        area,
        new DisplayName("Jaw crusher", "Хацарт бутлуур", "조 크러셔"),
        "gw-1",
        true);

    public static SignalInstance SignalOf(int index, AlarmRule? rule = null, string area = "crushing") => new(
        AssetOf(area),
        new SignalDefinition($"temp{index}", "Bearing temperature", "Cel", 0, 100, 50, 1, 1, rule ?? Rule));

    /// <summary>Lets a field carry a signal.</summary>
    public Field Bind(int field, int signal)
    {
        byte[] key = Encoding.UTF8.GetBytes("CR,asset=CR-201");
        Catalogue.TryIntern(key, $"f{field}", FieldType.Float, out Field? bound);
        Catalogue.Bind(bound!, SignalOf(signal));
        return bound!;
    }

    /// <summary>Decide, journal, apply: the three steps of a transition.</summary>
    public DecisionOutcome Take(AlarmDecision decision)
    {
        if (decision.Record is { } record)
        {
            var bytes = new byte[AlarmRecordFormat.Measure(record)];
            Assert.Equal(bytes.Length, AlarmRecordFormat.Write(record, bytes));
            _journal.Add(bytes);
            Board.Apply(record, this);
        }

        return decision.Outcome;
    }

    public DecisionOutcome Take(in Finding finding) => Take(Board.Decide(finding, Now + finding.Offset));

    public DecisionOutcome Acknowledge(string alarmId, string name = "Bat", string comment = "on my way") =>
        Take(Board.DecideAcknowledge(alarmId, name, comment, Now + 1_000));

    public DecisionOutcome Withdraw(string alarmId) =>
        Take(Board.DecideWithdraw(alarmId, "telemetry", "no longer in the site file", Now + 1_000));

    public AlarmState StateOf(string alarmId) =>
        Board.Snapshot.TryFind(alarmId, out Alarm? alarm) ? alarm!.State : AlarmState.Normal;

    /// <summary>A board made anew from the journal's bytes; nobody is told.</summary>
    public AlarmBoard Replay()
    {
        var board = new AlarmBoard(Catalogue);
        byte[] all = [.. _journal.SelectMany(bytes => bytes)];
        int position = 0;
        while (position < all.Length)
        {
            ReadOnlySpan<byte> rest = all.AsSpan(position);
            Assert.Equal(
                AlarmReadStatus.Complete,
                AlarmRecordFormat.TryRead(rest, out AlarmRecord? record, out int bytes));
            board.Apply(record!);
            position += bytes;
        }

        return board;
    }

    /// <summary>What a restart does.</summary>
    public void Restart() => Board = Replay();

    public static IEnumerable<Alarm> Sorted(AlarmSnapshot snapshot) =>
        snapshot.All.OrderBy(alarm => alarm.Id, StringComparer.Ordinal);
}
