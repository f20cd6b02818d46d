namespace Telemetry.Store;

/// <summary>
/// Is given what <see cref="ISampleSource.Read"/> finds. Implemented by structs, so that the calls are direct.
/// </summary>
public interface ISampleVisitor
{
    /// <summary>True when blocks are to have arrival times, sources and corrections, at the cost of decoding.</summary>
    bool WantsProvenance { get; }

    /// <summary>
    /// True when a whole chunk inside this span of time may be given as its summary. Asked for numeric fields only.
    /// </summary>
    /// <param name="firstTime">Time of the chunk's first sample.</param>
    /// <param name="lastTime">Time of the chunk's last sample.</param>
    bool WantsSummary(long firstTime, long lastTime);

    /// <summary>Takes the place of a chunk's samples.</summary>
    void OnSummary(in ChunkSummary summary);

    /// <summary>Takes samples; what is to be kept must be copied before the call returns (law L4).</summary>
    /// <returns>False stops the reading.</returns>
    bool OnSamples(scoped in SampleBlock block);
}
