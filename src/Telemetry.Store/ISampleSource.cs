using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>What queries run against: the samples of fields, ordered by time, at most one per instant.</summary>
public interface ISampleSource
{
    /// <summary>All series and fields there are; field identities below are its own.</summary>
    SeriesCatalogue Catalogue { get; }

    /// <summary>
    /// Gives the samples of one field with <paramref name="from"/> ≤ time &lt; <paramref name="to"/> in ascending
    /// order, in blocks of the source's choosing. Of samples with the same time only the last written one is given.
    /// </summary>
    /// <param name="fieldId">The field in <see cref="Catalogue"/>.</param>
    /// <param name="from">First instant wanted, nanoseconds since 1970.</param>
    /// <param name="to">First instant no longer wanted, nanoseconds since 1970.</param>
    /// <param name="visitor">Is given the samples; may stop the reading.</param>
    void Read<TVisitor>(int fieldId, long from, long to, ref TVisitor visitor)
        where TVisitor : ISampleVisitor, allows ref struct;
}
