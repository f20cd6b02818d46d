using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.Tests;

/// <summary>One sample as a test compares it: text for strings, bits for all others.</summary>
internal readonly record struct Sample(long Time, long Bits, byte Quality, string Text = "");

/// <summary>Keeps all that a read gives.</summary>
internal struct Collector() : ISampleVisitor
{
    public List<Sample> Samples { get; } = [];

    public List<ChunkSummary> Summaries { get; } = [];

    public bool TakesSummaries { get; init; }

    public int SamplesMax { get; init; } = int.MaxValue;

    public readonly bool WantsSummary(long firstTime, long lastTime) => TakesSummaries;

    public readonly void OnSummary(in ChunkSummary summary) => Summaries.Add(summary);

    public readonly bool OnSamples(scoped in SampleBlock block)
    {
        for (int i = 0; i < block.Count; i++)
        {
            bool isText = block.Type == FieldType.String;
            string text = isText ? Encoding.UTF8.GetString(block.TextAt(i)) : "";
            Samples.Add(new Sample(block.Times[i], isText ? 0 : block.Bits[i], block.Qualities[i], text));
        }

        return Samples.Count < SamplesMax;
    }
}
