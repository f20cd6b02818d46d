namespace Telemetry.Detection;

/// <summary>
/// The anomaly detector on one series, for whoever has a series and no site: it judges each observation by those before
/// it, and learns from it then.
/// </summary>
public sealed class AnomalyScorer
{
    /// <summary>How many covariates a series may be held against.</summary>
    public const int CovariateCountMax = ContextRegression.CovariateCountMax;

    private readonly int _warmUpCount;
    private readonly int _covariateCount;
    private AnomalyState _state;
    private ContextRegression? _regression;
    private long _firstTime;
    private bool _isStarted;

    /// <param name="warmUpCount">
    /// Observations that are only learnt from, at least one. With covariates the first half of them shows what the
    /// series has to do with those.
    /// </param>
    /// <param name="covariateCount">What the series is held against, 0 to <see cref="CovariateCountMax"/>.</param>
    public AnomalyScorer(int warmUpCount, int covariateCount = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(warmUpCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(covariateCount, CovariateCountMax);
        _covariateCount = covariateCount;
        _warmUpCount = covariateCount > 0 ? Math.Max(1, warmUpCount / 2) : warmUpCount;
    }

    /// <summary>Takes an observation.</summary>
    /// <param name="time">Event time, nanoseconds since 1970.</param>
    /// <param name="value">A finite number.</param>
    /// <param name="covariates">As many finite numbers as there are covariates.</param>
    /// <returns>A score of which nothing is told while there is no telling.</returns>
    public AnomalyScore Observe(long time, double value, ReadOnlySpan<double> covariates = default)
    {
        double expected = 0;
        if (_covariateCount > 0 && !TryExpect(time, value, covariates, out expected))
        {
            return new AnomalyScore(EventRank.Usual, IsTold: false);
        }

        double residual = value - expected;
        double surprise = AnomalyDetector.Observe(ref _state, time, residual, _warmUpCount, out bool isTold);
        return new AnomalyScore(surprise, isTold);
    }

    /// <summary>The period is that of the first two observations.</summary>
    private bool TryExpect(long time, double value, ReadOnlySpan<double> covariates, out double expected)
    {
        expected = value;
        if (!_isStarted)
        {
            (_isStarted, _firstTime) = (true, time);
            return false;
        }

        double period = Math.Max(1, Math.Abs(time - _firstTime)) / 1e9;
        _regression ??= new ContextRegression(_covariateCount, period, scaleCount: _warmUpCount / 2);
        return _regression.Observe(value, covariates, learns: true, out expected);
    }
}
