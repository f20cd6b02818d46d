using System.Buffers;
using System.Numerics;
using Telemetry.Buffers;

namespace Telemetry.Detection.Assets;

/// <summary>
/// Watches the relations between the signals of one asset. It learns them from its first rows, then judges each row by
/// a multivariate EWMA chart (Lowry, Woodall, Champ and Rigdon, Technometrics 34, 1992): T² of the smoothed signals,
/// against a limit that needs no labels. docs/detection/assets.md has the formulas.
/// </summary>
/// <remarks>
/// Pure: the same rows give the same verdicts, with a <see cref="Save"/> and <see cref="Restore"/> between any two of
/// them or without. A row allocates nothing, but for those that end a phase. One owner at a time.
/// </remarks>
public sealed class AssetDetector
{
    /// <summary>How fast, per row, what is normal follows the rows that are.</summary>
    public const double AdaptationRate = 0.005;

    /// <summary>An alarm that lasts this many times the commissioning no longer stops the adaptation.</summary>
    public const int PauseWarmUps = 2;

    /// <summary>Values as large as this or larger are missing: their squares could not be added up.</summary>
    public const double ValueMax = 1e140;

    private const double RowDeviationMax = 1e6; // no single value is further off than this, in deviations
    private const int Magic = 0x44_54_53_41; // "ASTD"
    private const ushort Version = 1;

    private readonly double[] _row; // this row in deviations from the mean
    private readonly double[] _smoothed; // all rows, smoothed, likewise
    private readonly double[] _shift; // how far what is normal has moved since commissioning, likewise
    private readonly double[] _off; // smoothed, from what is normal now
    private Commissioning? _commissioning;
    private AssetModel? _model;
    private AlarmBand _band;
    private double _statistic;
    private long _since; // first row of those since which the statistic has not been well below its limit
    private bool _isOnItsWay;
    private long _alarmRowCount;

    /// <param name="signalCount">Values per row, at most <see cref="AssetLimits.SignalCountMax"/>.</param>
    /// <param name="warmUpRows">Rows to learn from, all of them normal operation.</param>
    public AssetDetector(int signalCount, int warmUpRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signalCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signalCount, AssetLimits.SignalCountMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(warmUpRows, AssetLimits.WarmUpRowsMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(warmUpRows, AssetLimits.WarmUpRowsMax);
        SignalCount = signalCount;
        WarmUpRows = warmUpRows;
        _commissioning = new Commissioning(signalCount, warmUpRows);
        _row = new double[signalCount];
        _smoothed = new double[signalCount];
        _shift = new double[signalCount];
        _off = new double[signalCount];
    }

    /// <summary>Values per row.</summary>
    public int SignalCount { get; }

    /// <summary>Rows of commissioning.</summary>
    public int WarmUpRows { get; }

    /// <summary>What is done with the next row.</summary>
    public AssetPhase Phase => _model is null ? AssetPhase.Commissioning : AssetPhase.Watching;

    /// <summary>The alarm stands.</summary>
    public bool IsAlarm => _band.IsOn;

    /// <summary>Takes one row.</summary>
    /// <param name="timeNanoseconds">Its time: the sampling period, the hour and since when come from it.</param>
    /// <param name="values">
    /// One value per signal, always in the same order; what is no finite number or not below
    /// <see cref="ValueMax"/> is missing.
    /// </param>
    public AssetVerdict Observe(long timeNanoseconds, ReadOnlySpan<double> values)
    {
        if (values.Length != SignalCount)
        {
            throw new ArgumentException(
                $"cannot take the row: expected {SignalCount} values, found {values.Length}; nothing is changed",
                nameof(values));
        }

        if (_model is null)
        {
            Learn(timeNanoseconds, values);
            return new AssetVerdict(AssetPhase.Commissioning, 0, IsAlarm: false, 0);
        }

        Judge(_model, timeNanoseconds, values);
        return new AssetVerdict(AssetPhase.Watching, _statistic, _band.IsOn, _band.IsOn ? _since : 0);
    }

    /// <summary>Takes the asset as it is now for normal and ends the alarm: an operator's word, or a repair.</summary>
    public void AcceptAsNormal()
    {
        for (int j = 0; j < _off.Length; j++)
        {
            _shift[j] += _off[j];
            _off[j] = 0;
        }

        _band = default;
        _statistic = 0;
        _isOnItsWay = false;
    }

    /// <summary>Says of each signal what it has to do with the last statistic.</summary>
    /// <param name="contributions">Takes one for each signal; all zero while commissioning.</param>
    public void Explain(Span<SignalContribution> contributions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, SignalCount);
        contributions.Clear();
        if (_model is not { } model)
        {
            return;
        }

        double square = _statistic * model.Limit;
        for (int j = 0; j < _off.Length; j++)
        {
            ReadOnlySpan<double> precision = model.PrecisionOf(j);
            double pull = Dot(precision, _off);
            double share = square > 0 ? pull * pull / precision[j] / square : 0;
            double unit = model.Deviations[j];
            contributions[j] = double.IsFinite(unit)
                ? new SignalContribution(
                    Math.Min(1, share),
                    model.Means[j] + (unit * _smoothed[j]),
                    model.Means[j] + (unit * (_smoothed[j] - (pull / precision[j]))),
                    unit / Math.Sqrt(precision[j]))
                : new SignalContribution(0, model.Means[j], model.Means[j], 0);
        }
    }

    /// <summary>Writes everything that the next verdict follows from.</summary>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        writer.Int32(Magic);
        writer.UInt16(Version);
        writer.Int32(SignalCount);
        writer.Int32(WarmUpRows);
        writer.Flag(_model is not null);
        if (_commissioning is not null)
        {
            _commissioning.Save(writer);
            return;
        }

        _model!.Save(writer);
        writer.Doubles(_smoothed);
        writer.Doubles(_shift);
        writer.Doubles(_off);
        writer.Flag(_band.IsOn);
        writer.Double(_band.Level);
        writer.Double(_statistic);
        writer.Int64(_since);
        writer.Flag(_isOnItsWay);
        writer.Int64(_alarmRowCount);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; nothing else may follow it.</summary>
    /// <param name="saved">The bytes.</param>
    /// <param name="detector">The detector, when the outcome is <see cref="RestoreOutcome.Restored"/>.</param>
    public static RestoreOutcome Restore(ReadOnlySpan<byte> saved, out AssetDetector? detector)
    {
        detector = null;
        var reader = new StateReader(saved);
        bool isOurs = reader.Int32() == Magic;
        ushort version = reader.UInt16();
        if (isOurs && version > Version)
        {
            return RestoreOutcome.UnknownVersion;
        }

        int signalCount = reader.Int32();
        int warmUpRows = reader.Int32();
        if (!isOurs
            || version == 0
            || signalCount is < 1 or > AssetLimits.SignalCountMax
            || warmUpRows is < AssetLimits.WarmUpRowsMin or > AssetLimits.WarmUpRowsMax)
        {
            return RestoreOutcome.Malformed;
        }

        var read = new AssetDetector(signalCount, warmUpRows);
        if (!read.TryRead(ref reader) || reader.IsFailed || reader.RestBytes != 0)
        {
            return RestoreOutcome.Malformed;
        }

        detector = read;
        return RestoreOutcome.Restored;
    }

    /// <summary>A value that can be judged.</summary>
    internal static bool IsValue(double value) => Math.Abs(value) < ValueMax;

    private void Learn(long time, ReadOnlySpan<double> values)
    {
        if (!_commissioning!.Add(time, values))
        {
            return;
        }

        AssetModel model = _commissioning.Conclude();
        for (int j = 0; j < _smoothed.Length; j++)
        {
            double smoothed = _commissioning.Smoothed[j];
            _smoothed[j] = double.IsNaN(smoothed) ? 0 : (smoothed - model.Means[j]) / model.Deviations[j];
        }

        _model = model;
        _commissioning = null;
    }

    private void Judge(AssetModel model, long time, ReadOnlySpan<double> values)
    {
        ReadOnlySpan<double> normal = model.NormalAt(time);
        ulong missing = Smooth(model, normal, values);
        if (missing != 0)
        {
            Fill(model, missing);
        }

        _statistic = Square(model.Precision, _off) / model.Limit;
        Switch(time);
        if (_band.IsOn && _alarmRowCount <= (long)PauseWarmUps * WarmUpRows)
        {
            return;
        }

        for (int j = 0; j < _shift.Length; j++)
        {
            bool isHere = (missing >> j & 1) == 0;
            _shift[j] += isHere ? AdaptationRate * (_row[j] - normal[j] - _shift[j]) : 0;
        }
    }

    /// <summary>Takes the row in; gives a bit for each signal that is missing.</summary>
    private ulong Smooth(AssetModel model, ReadOnlySpan<double> normal, ReadOnlySpan<double> values)
    {
        ulong missing = 0;
        for (int j = 0; j < values.Length; j++)
        {
            if (IsValue(values[j]))
            {
                double off = (values[j] - model.Means[j]) / model.Deviations[j];
                _row[j] = Math.Clamp(off, -RowDeviationMax, RowDeviationMax);
                _smoothed[j] += model.Gain * (_row[j] - _smoothed[j]);
            }
            else
            {
                missing |= 1UL << j;
            }

            _off[j] = _smoothed[j] - normal[j] - _shift[j];
        }

        return missing;
    }

    /// <summary>
    /// A missing value is taken as what the other signals say: a damped step of Gauss and Seidel towards the least T².
    /// </summary>
    private void Fill(AssetModel model, ulong missing)
    {
        for (; missing != 0; missing &= missing - 1)
        {
            int j = BitOperations.TrailingZeroCount(missing);
            ReadOnlySpan<double> precision = model.PrecisionOf(j);
            double step = model.Gain * Dot(precision, _off) / precision[j];
            _off[j] -= step;
            _smoothed[j] -= step;
        }
    }

    private void Switch(long time)
    {
        bool wasOnItsWay = _isOnItsWay;
        _isOnItsWay = _statistic >= AlarmBand.EndFraction;
        if (_isOnItsWay && !wasOnItsWay)
        {
            _since = time;
        }

        bool wasOn = _band.IsOn;
        _band.Step(_statistic);
        _alarmRowCount = _band.IsOn && wasOn ? _alarmRowCount + 1 : 0;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }

    /// <summary>offᵀ P off, from the lower triangle, in one order on every machine.</summary>
    private static double Square(ReadOnlySpan<double> precision, ReadOnlySpan<double> off)
    {
        double sum = 0;
        for (int i = 0; i < off.Length; i++)
        {
            ReadOnlySpan<double> row = precision.Slice(i * off.Length, i);
            sum += off[i] * ((2 * Dot(row, off)) + (precision[(i * off.Length) + i] * off[i]));
        }

        return Math.Max(0, sum);
    }

    private bool TryRead(ref StateReader reader)
    {
        if (!reader.Flag())
        {
            return _commissioning!.TryRestore(ref reader);
        }

        _commissioning = null;
        if (!AssetModel.TryRead(ref reader, SignalCount, out _model))
        {
            return false;
        }

        bool isWhole = reader.TryDoubles(_smoothed) & reader.TryDoubles(_shift) & reader.TryDoubles(_off);
        _band = new AlarmBand { IsOn = reader.Flag(), Level = reader.Double() };
        _statistic = reader.Double();
        _since = reader.Int64();
        _isOnItsWay = reader.Flag();
        _alarmRowCount = reader.Int64();
        return isWhole & IsSane();
    }

    /// <summary>A number that is none would stay for ever, so they are not taken on trust.</summary>
    private bool IsSane() =>
        _band.Level >= 0
        && _statistic >= 0
        && double.IsFinite(_band.Level + _statistic)
        && _alarmRowCount >= 0
        && double.IsFinite(Dot(_smoothed, _smoothed) + Dot(_shift, _shift) + Dot(_off, _off));
}
