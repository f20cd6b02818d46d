using System.Buffers;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Detection.Assets;

/// <summary>What became of a row that ended.</summary>
internal enum RowOutcome : byte
{
    /// <summary>There was no value in it.</summary>
    Empty = 0,

    /// <summary>Values of some signals only.</summary>
    Skipped = 1,

    /// <summary>Learnt from.</summary>
    Learnt = 2,

    /// <summary>Judged.</summary>
    Judged = 3,

    /// <summary>Judged, and from it on the relations are other than they were.</summary>
    JudgedAndBegan = 4,
}

/// <summary>
/// Joins the samples of one asset's signals into rows by event time, the last good value of each within a period, and
/// has the relations between them watched. Two rows are open, so that signals need not come in step: the older one ends
/// when the younger has a value of every signal, at the latest when a sample is behind both.
/// </summary>
internal sealed class RelationWatch
{
    private const long ApartMin = 3_600 * Timestamp.NanosecondsPerSecond; // what comes again before is the same

    private readonly string[] _keys;
    private readonly long _period;
    private readonly AssetDetector _detector;
    private double[] _row; // the older of the two open rows; no number where a value is missing
    private double[] _next;
    private int _rowCount; // values in it
    private int _nextCount;
    private long _number = long.MinValue; // of the older row: its time in periods since 1970
    private long _firstTime; // of the first whole row; 0 before it
    private long _lastAlarmTime; // of the last row in which the relations were other than usual; 0 before it

    /// <summary>Begins to learn.</summary>
    public RelationWatch(string assetId, RelationRule rule)
        : this(assetId, [.. rule.Signals], PeriodOf(rule), new AssetDetector(rule.Signals.Count, rule.WarmUpRows))
    {
    }

    private RelationWatch(string assetId, string[] keys, long period, AssetDetector detector)
    {
        (AssetId, _keys, _period, _detector) = (assetId, keys, period, detector);
        (_row, _next) = (new double[keys.Length], new double[keys.Length]);
        Array.Fill(_row, double.NaN);
        Array.Fill(_next, double.NaN);
    }

    /// <summary>The asset's tag.</summary>
    public string AssetId { get; }

    /// <summary>The asset as the site in force has it; null until a field is bound to one of its signals.</summary>
    public Asset? Asset { get; set; }

    /// <summary>Fields that give it values.</summary>
    public int MemberCount { get; set; }

    /// <summary>Rows that are learnt from.</summary>
    public int WarmUpRows => _detector.WarmUpRows;

    /// <summary>Signals in a row.</summary>
    public int SignalCount => _keys.Length;

    /// <summary>The younger row has a value of every signal, so that the older one has all it will have.</summary>
    public bool IsNextWhole => _nextCount == _keys.Length;

    /// <summary>The statistic of the last row, as a multiple of its limit.</summary>
    public double Statistic { get; private set; }

    /// <summary>Row time since which the relations have been on their way to what they are, while that lasts.</summary>
    public long Since { get; private set; }

    /// <summary>
    /// End of the last whole row. Findings are of this time: it ascends, and no sample that ended a row is before it.
    /// </summary>
    public long EndTime { get; private set; }

    /// <summary>Time of the first whole row.</summary>
    public long FirstTime => _firstTime;

    /// <summary>True when it is what the rule asks for.</summary>
    public bool Is(RelationRule rule) =>
        rule.Signals.SequenceEqual(_keys) && PeriodOf(rule) == _period && rule.WarmUpRows == _detector.WarmUpRows;

    /// <summary>Where a signal stands in a row; −1 when it is not in it.</summary>
    public int PlaceOf(string key) => Array.IndexOf(_keys, key);

    /// <summary>Name of the signal at a place.</summary>
    public string KeyAt(int place) => _keys[place];

    /// <summary>The row that a time is in.</summary>
    public long NumberOf(long time) => Math.Max(0, time) / _period;

    /// <summary>True while a row has to end before a value of that row can be put.</summary>
    public bool IsBehind(long number) => _number != long.MinValue && number > _number + 1;

    /// <summary>Puts a value; one of a row that has ended is passed over.</summary>
    public void Put(int place, long number, double value)
    {
        if (_number == long.MinValue)
        {
            _number = number;
        }

        if (number == _number)
        {
            _rowCount += double.IsNaN(_row[place]) ? 1 : 0;
            _row[place] = value;
        }
        else if (number == _number + 1)
        {
            _nextCount += double.IsNaN(_next[place]) ? 1 : 0;
            _next[place] = value;
        }
    }

    /// <summary>Ends the older row.</summary>
    /// <param name="number">Row of the sample that ends it; rows before it without a value are passed at once.</param>
    public RowOutcome EndRow(long number)
    {
        RowOutcome outcome = _rowCount == _keys.Length ? Judge()
            : _rowCount > 0 ? RowOutcome.Skipped
            : RowOutcome.Empty;
        Array.Fill(_row, double.NaN);
        (_row, _next) = (_next, _row);
        (_rowCount, _nextCount) = (_nextCount, 0);
        _number = _rowCount == 0 ? Math.Max(_number + 1, number - 1) : _number + 1;
        return outcome;
    }

    /// <summary>Says of each signal what it has to do with the last statistic.</summary>
    public void Explain(Span<SignalContribution> contributions) => _detector.Explain(contributions);

    /// <summary>Writes it; docs/detection/state.md draws it.</summary>
    public void Save(StateWriter writer)
    {
        writer.Text(AssetId);
        writer.Int64(_period);
        writer.Int64(_number);
        writer.Int64(_firstTime);
        writer.Int64(_lastAlarmTime);
        writer.Int32(_keys.Length);
        for (int place = 0; place < _keys.Length; place++)
        {
            writer.Text(_keys[place]);
            writer.Double(_row[place]);
            writer.Double(_next[place]);
        }

        var detector = new ArrayBufferWriter<byte>();
        _detector.Save(detector);
        writer.Block(detector.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>Null when it is none.</returns>
    public static RelationWatch? Restore(ref StateReader reader)
    {
        string assetId = Text(ref reader);
        long period = reader.Int64();
        long number = reader.Int64();
        long firstTime = reader.Int64();
        long lastAlarmTime = reader.Int64();
        int count = reader.Int32();
        bool isSane = period > 0
            && (number == long.MinValue || (number >= 0 && number <= (long.MaxValue / period) - 2))
            && firstTime >= 0
            && lastAlarmTime >= 0
            && count is > 0 and <= AssetLimits.SignalCountMax;
        if (reader.IsFailed || !isSane)
        {
            return null;
        }

        var (keys, row, next) = (new string[count], new double[count], new double[count]);
        for (int place = 0; place < count; place++)
        {
            keys[place] = Text(ref reader);
            row[place] = reader.Double();
            next[place] = reader.Double();
        }

        RestoreOutcome outcome = AssetDetector.Restore(reader.Block(), out AssetDetector? detector);
        return reader.IsFailed || outcome != RestoreOutcome.Restored || detector!.SignalCount != count
            ? null
            : new RelationWatch(assetId, keys, period, detector)
            {
                _row = row,
                _next = next,
                _rowCount = row.Count(value => !double.IsNaN(value)),
                _nextCount = next.Count(value => !double.IsNaN(value)),
                _number = number,
                _firstTime = firstTime,
                _lastAlarmTime = lastAlarmTime,
            };
    }

    private RowOutcome Judge()
    {
        long time = _number * _period;
        EndTime = time + _period;
        _firstTime = _firstTime == 0 ? time : _firstTime;
        bool wasAlarm = _detector.IsAlarm;
        AssetVerdict verdict = _detector.Observe(time, _row);
        (Statistic, Since) = (verdict.Statistic, verdict.Since);
        bool isNew = verdict.IsAlarm && !wasAlarm && time - _lastAlarmTime >= ApartMin;
        _lastAlarmTime = verdict.IsAlarm ? time : _lastAlarmTime;
        return verdict.Phase == AssetPhase.Commissioning ? RowOutcome.Learnt
            : isNew ? RowOutcome.JudgedAndBegan
            : RowOutcome.Judged;
    }

    private static long PeriodOf(RelationRule rule) => (long)(rule.PeriodSeconds * Timestamp.NanosecondsPerSecond);

    private static string Text(ref StateReader reader) => Encoding.UTF8.GetString(reader.Block());
}
