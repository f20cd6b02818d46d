using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.Tests;

/// <summary>One sample as a test compares it: text for strings, bits for all others.</summary>
/// <param name="Time">Nanoseconds since 1970.</param>
/// <param name="Bits">The value; 0 of strings.</param>
/// <param name="Quality">OPC byte.</param>
/// <param name="Text">The value of a string.</param>
/// <param name="Source">The arriving series of its source; empty without one.</param>
/// <param name="Correction">What was done to its time.</param>
/// <param name="Arrival">Milliseconds since 1970.</param>
internal readonly record struct Sample(
    long Time,
    long Bits,
    byte Quality,
    string Text = "",
    string Source = "",
    TimeCorrection Correction = default,
    long Arrival = StoreBench.ArrivalMilliseconds)
{
    /// <summary>The sample as a reader sees it that does not ask where it comes from.</summary>
    public Sample Bare => new(Time, Bits, Quality, Text);
}

/// <summary>Keeps all that a read gives.</summary>
internal struct Collector() : ISampleVisitor
{
    public List<Sample> Samples { get; } = [];

    public List<SampleSummary> Taken { get; } = [];

    /// <summary>Names of sources; null to read without provenance.</summary>
    public SourceCatalogue? Sources { get; init; }

    public readonly bool WantsProvenance => Sources is not null;

    public int SamplesMax { get; init; } = int.MaxValue;

    /// <summary>Which summaries to take; none unless it is set.</summary>
    public SummaryWish Summaries { get; init; }

    /// <summary>Summaries must not reach across multiples of it.</summary>
    public long WindowWidth { get; init; } = long.MaxValue;

    public readonly bool WantsSummary(long firstTime, long lastTime) =>
        firstTime / WindowWidth == lastTime / WindowWidth;

    public readonly void OnSummary(in SampleSummary summary) => Taken.Add(summary);

    public readonly bool OnSamples(scoped in SampleBlock block)
    {
        for (int i = 0; i < block.Count; i++)
        {
            bool isText = block.Type == FieldType.String;
            string text = isText ? Encoding.UTF8.GetString(block.TextAt(i)) : "";
            var bare = new Sample(block.Times[i], isText ? 0 : block.Bits[i], block.Qualities[i], text);
            Samples.Add(Sources is null ? bare : WithProvenance(bare, block, i));
        }

        return Samples.Count < SamplesMax;
    }

    private readonly Sample WithProvenance(Sample sample, scoped in SampleBlock block, int index) => sample with
    {
        Source = Sources!.At((int)block.Sources[index])?.Series ?? "",
        Correction = new TimeCorrection(block.Corrections[index], block.Uncertainties[index]),
        Arrival = block.Arrivals[index],
    };
}
