namespace Telemetry.Store;

/// <summary>
/// Is given what <see cref="ISampleSource.Read"/> finds. Implemented by structs, so that the calls are direct. Who
/// wants no summaries leaves the members for them out; they are not called.
/// </summary>
public interface ISampleVisitor
{
    /// <summary>True when blocks are to have arrival times, sources and corrections, at the cost of decoding.</summary>
    bool WantsProvenance { get; }

    /// <summary>Which summaries may take the place of samples. Asked once per read.</summary>
    SummaryWish Summaries { get; }

    /// <summary>
    /// True when all samples inside this span of time may be given as one summary. Asked for numeric fields, and of
    /// spans that <see cref="Summaries"/> allows, only.
    /// </summary>
    /// <param name="firstTime">First instant of the span; no sample of it is earlier.</param>
    /// <param name="lastTime">Last instant of the span; no sample of it is later.</param>
    bool WantsSummary(long firstTime, long lastTime) => false;

    /// <summary>
    /// True when this summary may stand for its samples; asked once it is found, of those that
    /// <see cref="WantsSummary"/> wants. Otherwise narrower ones are offered, and then the samples.
    /// </summary>
    bool Accepts(in SampleSummary summary) => true;

    /// <summary>Takes the place of samples.</summary>
    void OnSummary(in SampleSummary summary) =>
        throw new InvalidOperationException("BUG: a summary was given that nobody wanted");

    /// <summary>Takes samples; what is to be kept must be copied before the call returns (law L4).</summary>
    /// <returns>False stops the reading.</returns>
    bool OnSamples(scoped in SampleBlock block);
}
