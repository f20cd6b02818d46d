using Telemetry.Detection;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>Gives detectors one sample after the other, each a record of its own, as a log of messages would.</summary>
/// <param name="detectors">The detectors.</param>
/// <param name="catalogue">Whose fields the samples are of.</param>
/// <param name="listener">Is told what they find.</param>
internal sealed class SampleFeed(DetectorSet detectors, SeriesCatalogue catalogue, IFindingListener listener)
{
    private readonly PointBatch _batch = new();
    private long _offset;

    /// <summary>Takes a sample.</summary>
    public void Observe(in ArrivedSample sample, PointFlags flags)
    {
        _batch.Reset();
        _batch.AddRecord(++_offset, sample.Arrival, lane: 0);
        _batch.AddPoint(catalogue.FieldAt(sample.FieldId).Series.Id, sample.Time, flags);
        _batch.AddSample(sample.FieldId, sample.Type, sample.Quality, sample.Bits);
        detectors.Observe(_batch, listener);
    }

    /// <summary>Lets a second pass.</summary>
    /// <param name="time">Arrival time of the tick.</param>
    public void Tick(long time) => detectors.Tick(time, ++_offset, listener);
}
