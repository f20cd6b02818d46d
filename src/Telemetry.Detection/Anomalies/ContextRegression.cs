using Telemetry.Buffers;

namespace Telemetry.Detection;

/// <summary>
/// What a series should read under the conditions it is in: a linear model of up to three covariates (air temperature,
/// load), each as it is now and as it was lately, for machines warm up and cool down slowly. Fitted by recursive least
/// squares that forget (Plackett 1950), from a prior that expects no influence, and robustly: a residual counts for
/// four mean residuals at most.
/// </summary>
internal sealed class ContextRegression
{
    /// <summary>How many covariates it takes.</summary>
    public const int CovariateCountMax = 3;

    private const int TermsPerCovariate = 3; // now, and two lags
    private const double ShortLagSeconds = 1_200; // an oil sump follows its load
    private const double LongLagSeconds = 10_800; // a house and a heap follow the weather
    private const double MemorySeconds = 14 * 86_400; // two weeks of weather
    private const double MemoryCountMin = 2_000;
    private const int ScaleCountMin = 20;
    private const double PriorVariance = 1; // of weights of standardised covariates, in deviations of the value
    private const double TraceMax = 1e4; // no forgetting beyond it: what does not vary is not learnt
    private const double ClipResiduals = 4;
    private const double SpreadRate = 0.002;
    private const double MarginShare = 0.1; // of the range seen: so far beyond it the model is trusted

    private readonly int _termCount;
    private readonly int _scaleCount;
    private readonly double _shortRate;
    private readonly double _longRate;
    private readonly double _forgetting;
    private readonly RunningMoments[] _scales; // of the covariates, then of the value
    private readonly double[] _lags;
    private readonly double[] _lowest;
    private readonly double[] _highest;
    private readonly double[] _terms;
    private readonly double[] _gains;
    private readonly double[] _weights;
    private readonly double[] _variances; // termCount × termCount, symmetric
    private double _spread;
    private int _count;

    /// <param name="covariateCount">From 1 to <see cref="CovariateCountMax"/>.</param>
    /// <param name="periodSeconds">Time between two observations.</param>
    /// <param name="scaleCount">
    /// Observations that show how far value and covariates usually go; as many more show what they have to do with each
    /// other.
    /// </param>
    public ContextRegression(int covariateCount, double periodSeconds, int scaleCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(covariateCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(covariateCount, CovariateCountMax);
        CovariateCount = covariateCount;
        _termCount = 1 + (TermsPerCovariate * covariateCount);
        _scaleCount = Math.Max(ScaleCountMin, scaleCount);
        _shortRate = 1 - Math.Exp(-periodSeconds / ShortLagSeconds);
        _longRate = 1 - Math.Exp(-periodSeconds / LongLagSeconds);
        _forgetting = 1 - (1 / Math.Max(MemoryCountMin, MemorySeconds / periodSeconds));
        _scales = new RunningMoments[covariateCount + 1];
        _lags = new double[2 * covariateCount];
        _lowest = new double[covariateCount];
        _highest = new double[covariateCount];
        _terms = new double[_termCount];
        _gains = new double[_termCount];
        _weights = new double[_termCount];
        _variances = new double[_termCount * _termCount];
        for (int i = 0; i < _termCount; i++)
        {
            _variances[(i * _termCount) + i] = PriorVariance;
        }
    }

    /// <summary>How many covariates there are.</summary>
    public int CovariateCount { get; }

    /// <summary>How far a covariate has gone so far, from lowest to highest.</summary>
    public double SpanOf(int covariate) => _highest[covariate] - _lowest[covariate];

    /// <summary>Takes an observation, and learns from it after it was judged.</summary>
    /// <param name="value">The observation.</param>
    /// <param name="covariates">Its conditions, finite numbers.</param>
    /// <param name="learns">False to judge only, while the machine is at fault.</param>
    /// <param name="expected">What the model expected of it.</param>
    /// <returns>False while it is too young to say, or under conditions that it has not seen.</returns>
    public bool Observe(double value, ReadOnlySpan<double> covariates, bool learns, out double expected)
    {
        if (_count < _scaleCount)
        {
            LearnScale(value, covariates);
            expected = value;
            return false;
        }

        _count = Math.Min(_count + 1, int.MaxValue - 1);
        int learntCount = _count - _scaleCount;
        bool isKnown = FillTerms(covariates) && learntCount > _scaleCount;
        RunningMoments scale = _scales[^1];
        double predicted = Dot(_weights, _terms);
        expected = scale.Mean + (predicted * scale.Deviation);
        if (!learns)
        {
            return isKnown;
        }

        double residual = ((value - scale.Mean) / scale.Deviation) - predicted;
        double limit = learntCount > _scaleCount ? ClipResiduals * _spread : double.MaxValue;
        Learn(Math.Clamp(residual, -limit, limit));
        double rate = Math.Max(SpreadRate, 1.0 / learntCount);
        _spread += rate * (Math.Min(Math.Abs(residual), limit) - _spread);
        return isKnown;
    }

    /// <summary>Writes all that the next expectation follows from.</summary>
    public void Save(StateWriter writer)
    {
        writer.Int32(_count);
        writer.Double(_spread);
        foreach (RunningMoments scale in _scales)
        {
            writer.Double(scale.Mean);
            writer.Double(scale.Squares);
        }

        foreach (double[] numbers in (ReadOnlySpan<double[]>)[_lags, _lowest, _highest, _weights, _variances])
        {
            foreach (double number in numbers)
            {
                writer.Double(number);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote for as many covariates.</summary>
    public void Restore(ref StateReader reader)
    {
        _count = Math.Max(0, reader.Int32());
        _spread = reader.Double();
        for (int i = 0; i < _scales.Length; i++)
        {
            _scales[i] = new RunningMoments(reader.Double(), reader.Double(), Math.Min(_count, _scaleCount));
        }

        foreach (double[] numbers in (ReadOnlySpan<double[]>)[_lags, _lowest, _highest, _weights, _variances])
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = reader.Double();
            }
        }
    }

    private void LearnScale(double value, ReadOnlySpan<double> covariates)
    {
        _count++;
        for (int i = 0; i < CovariateCount; i++)
        {
            _scales[i] = _scales[i].With(covariates[i]);
            _lowest[i] = _count == 1 ? covariates[i] : Math.Min(_lowest[i], covariates[i]);
            _highest[i] = _count == 1 ? covariates[i] : Math.Max(_highest[i], covariates[i]);
        }

        _scales[^1] = _scales[^1].With(value);
        if (_count == _scaleCount)
        {
            for (int i = 0; i < _lags.Length; i++)
            {
                _lags[i] = _scales[i / 2].Standard(covariates[i / 2]);
            }
        }
    }

    /// <returns>Whether all covariates are where they have been before.</returns>
    private bool FillTerms(ReadOnlySpan<double> covariates)
    {
        bool isKnown = true;
        int term = 0;
        _terms[term++] = 1;
        for (int i = 0; i < CovariateCount; i++)
        {
            double covariate = covariates[i];
            double margin = MarginShare * (_highest[i] - _lowest[i]);
            isKnown &= covariate >= _lowest[i] - margin && covariate <= _highest[i] + margin;
            _lowest[i] = Math.Min(_lowest[i], covariate);
            _highest[i] = Math.Max(_highest[i], covariate);
            double standard = _scales[i].Standard(covariate);
            ref double shortLag = ref _lags[2 * i];
            ref double longLag = ref _lags[(2 * i) + 1];
            shortLag += _shortRate * (standard - shortLag);
            longLag += _longRate * (standard - longLag);
            _terms[term++] = standard;
            _terms[term++] = shortLag;
            _terms[term++] = longLag;
        }

        return isKnown;
    }

    private void Learn(double residual)
    {
        double trace = 0;
        double gainScale = _forgetting;
        for (int i = 0; i < _termCount; i++)
        {
            ReadOnlySpan<double> row = _variances.AsSpan(i * _termCount, _termCount);
            _gains[i] = Dot(row, _terms);
            gainScale += _gains[i] * _terms[i];
            trace += row[i];
        }

        double forgetting = trace < TraceMax ? _forgetting : 1;
        for (int i = 0; i < _termCount; i++)
        {
            double gain = _gains[i] / gainScale;
            _weights[i] += gain * residual;
            Span<double> row = _variances.AsSpan(i * _termCount, _termCount);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = (row[j] - (gain * _gains[j])) / forgetting;
            }
        }
    }

    private static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }
}
