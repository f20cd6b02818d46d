namespace Telemetry.Store;

/// <summary>
/// Decoded samples of one chunk, cut to the span that is read, and how far the read has come in them.
/// </summary>
internal sealed class ChunkCursor
{
    private int _end;

    public SampleColumns Columns { get; } = new();

    public long Sequence { get; private set; }

    /// <summary>Index of the next sample.</summary>
    public int Position { get; private set; }

    /// <summary>There is no next sample.</summary>
    public bool IsAtEnd => Position == _end;

    /// <summary>Time of the next sample.</summary>
    public long NextTime => Columns.Times[Position];

    /// <summary>Stands before the first sample of [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Begin(long sequence, long from, long to)
    {
        Sequence = sequence;
        Position = FirstNotBefore(from, 0);
        _end = FirstNotBefore(to, Position);
    }

    /// <summary>
    /// Index of the first sample left that is not before <paramref name="time"/>; the end when there is none.
    /// </summary>
    public int FirstNotBefore(long time) => Math.Min(FirstNotBefore(time, Position), _end);

    public void MoveTo(int position) => Position = position;

    private int FirstNotBefore(long time, int start)
    {
        int found = Columns.Times[start..].BinarySearch(time);
        return start + (found < 0 ? ~found : found);
    }
}
