using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Folds the samples of one numeric field and one day into the windows of all levels: each sample is looked at once,
/// wider windows are made of narrower ones.
/// </summary>
internal sealed class RollupFold : ISampleVisitor
{
    private const double WholeMax = 9_007_199_254_740_992; // 2^53: every whole number up to here is a double
    private readonly RollupColumns[] _levels = new RollupColumns[RollupLevels.Widths.Length];
    private readonly long _finest = RollupLevels.Widths[^1];
    private RollupWindow _open;
    private long _openEnd;
    private FieldType _type;
    private bool _isExact;

    public RollupFold()
    {
        for (int level = 0; level < _levels.Length; level++)
        {
            _levels[level] = new RollupColumns();
        }
    }

    public bool WantsProvenance => false;

    public SummaryWish Summaries => SummaryWish.None;

    /// <summary>Samples of the day.</summary>
    public long SampleCount { get; private set; }

    /// <summary>Forgets the day before.</summary>
    public void Begin(FieldType type)
    {
        _type = type;
        SampleCount = 0;
        _isExact = true;
        _open = default;
        _openEnd = long.MinValue;
        foreach (RollupColumns level in _levels)
        {
            level.Clear();
        }
    }

    public bool OnSamples(scoped in SampleBlock block)
    {
        SampleCount += block.Count;
        for (int i = 0; i < block.Count && _isExact; i++)
        {
            Add(block.Times[i], SampleSummaries.NumberOf(block.Bits[i], _type), Quality.IsGood(block.Qualities[i]));
        }

        return _isExact;
    }

    /// <summary>Behind the last sample.</summary>
    public void End()
    {
        CloseOpen(_levels[^1]);
        for (int level = _levels.Length - 2; level >= 0; level--)
        {
            Widen(_levels[level + 1], _levels[level], RollupLevels.Widths[level]);
        }
    }

    /// <summary>
    /// The windows of a level; null when it is not worth keeping, or when the day has values or sums that floats do not
    /// hold.
    /// </summary>
    public RollupColumns? WindowsOf(int level)
    {
        RollupColumns windows = _levels[level];
        bool isDense = SampleCount >= (long)windows.Count * RollupLevels.SamplesPerWindowMin;
        return _isExact && SampleCount > 0 && isDense ? windows : null;
    }

    private void Add(long time, double value, bool isGood)
    {
        if (time >= _openEnd)
        {
            CloseOpen(_levels[^1]);
            _openEnd = RollupLevels.FloorTo(time, _finest) + _finest;
        }

        _open.Add(RollupWindow.Of(time, value, isGood));
        _isExact = IsExact(_open.Sum);
    }

    private void CloseOpen(RollupColumns target)
    {
        if (!_open.IsEmpty)
        {
            target.Add(_open);
        }

        _open = default;
    }

    private void Widen(RollupColumns narrow, RollupColumns wide, long width)
    {
        long end = long.MinValue;
        for (int i = 0; i < narrow.Count; i++)
        {
            RollupWindow window = narrow.At(i);
            if (window.FirstTime >= end)
            {
                CloseOpen(wide);
                end = RollupLevels.FloorTo(window.FirstTime, width) + width;
            }

            _open.Add(window);
            _isExact &= IsExact(_open.Sum);
        }

        CloseOpen(wide);
    }

    /// <summary>A sum beyond what floats hold exactly would not be that of the samples.</summary>
    private bool IsExact(double sum) => _type == FieldType.Float ? double.IsFinite(sum) : Math.Abs(sum) <= WholeMax;
}
