namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Hands on the samples of chosen instants only, as stretches of the blocks they come in; no summary can stand for
/// them.
/// </summary>
/// <param name="inner">Is given them.</param>
/// <param name="accepted">The instants, ascending.</param>
internal struct AcceptedSamples<TVisitor>(TVisitor inner, long[] accepted) : ISampleVisitor
    where TVisitor : ISampleVisitor
{
    private int _next;

    public readonly bool WantsProvenance => inner.WantsProvenance;

    public readonly SummaryWish Summaries => SummaryWish.None;

    public bool OnSamples(scoped in SampleBlock block)
    {
        int start = 0;
        for (int i = 0; i < block.Count; i++)
        {
            while (_next < accepted.Length && accepted[_next] < block.Times[i])
            {
                _next++;
            }

            bool passes = _next < accepted.Length && accepted[_next] == block.Times[i];
            if (!passes)
            {
                AddStretch(block, start, i);
                start = i + 1;
            }
        }

        AddStretch(block, start, block.Count);
        return _next < accepted.Length;
    }

    private readonly void AddStretch(scoped in SampleBlock block, int start, int end)
    {
        if (start >= end)
        {
            return;
        }

        inner.OnSamples(new SampleBlock
        {
            Times = block.Times[start..end],
            Bits = block.Bits[start..end],
            Qualities = block.Qualities[start..end],
            Text = block.Text,
            Type = block.Type,
        });
    }
}
