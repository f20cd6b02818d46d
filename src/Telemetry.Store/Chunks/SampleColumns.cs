using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>
/// Samples of one field side by side: times, bits, qualities, arrival times, origins and the text of strings. Grows and
/// is used again; it has one user at a time.
/// </summary>
internal sealed class SampleColumns
{
    private const int CountMin = 64;
    private long[] _times = new long[CountMin];
    private long[] _bits = new long[CountMin];
    private long[] _arrivals = new long[CountMin];
    private byte[] _qualities = new byte[CountMin];
    private OriginColumns _origins = new(CountMin);
    private int[] _order = [];
    private byte[] _text = [];
    private SampleColumns? _sorted;

    public int Count { get; private set; }

    public int TextBytes { get; private set; }

    /// <summary>Event times in nanoseconds since 1970.</summary>
    public Span<long> Times => _times.AsSpan(0, Count);

    /// <summary>Values; of strings start and length in <see cref="Text"/>.</summary>
    public Span<long> Bits => _bits.AsSpan(0, Count);

    /// <summary>Arrival times in milliseconds since 1970.</summary>
    public Span<long> Arrivals => _arrivals.AsSpan(0, Count);

    public Span<byte> Qualities => _qualities.AsSpan(0, Count);

    /// <summary>Where the first <see cref="Count"/> samples came from; what is behind them is of no meaning.</summary>
    public OriginColumns Origins => _origins;

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, TextBytes);

    public void Clear()
    {
        Count = 0;
        TextBytes = 0;
    }

    /// <summary>Adds room for <paramref name="count"/> samples, which the caller fills.</summary>
    /// <returns>Index of the first.</returns>
    public int Extend(int count)
    {
        int first = Count;
        if (_times.Length - first < count)
        {
            int length = Math.Max(_times.Length * 2, first + count);
            Array.Resize(ref _times, length);
            Array.Resize(ref _bits, length);
            Array.Resize(ref _arrivals, length);
            Array.Resize(ref _qualities, length);
            _origins.Resize(length);
        }

        Count += count;
        return first;
    }

    /// <summary>Takes back everything behind the first samples and text bytes.</summary>
    public void CutTo(int count, int textBytes)
    {
        Count = count;
        TextBytes = textBytes;
    }

    public void Add(long time, long bits, byte quality, long arrival, in SampleOrigin origin = default)
    {
        int index = Extend(1);
        _times[index] = time;
        _bits[index] = bits;
        _qualities[index] = quality;
        _arrivals[index] = arrival;
        _origins[index] = origin;
    }

    /// <summary>Copies text in.</summary>
    /// <returns>Start and length as <see cref="Bits"/> of a string wants them.</returns>
    public long AddText(ReadOnlySpan<byte> text)
    {
        if (_text.Length - TextBytes < text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, TextBytes + text.Length));
        }

        text.CopyTo(_text.AsSpan(TextBytes));
        long bits = TextBits.Of(TextBytes, text.Length);
        TextBytes += text.Length;
        return bits;
    }

    public ReadOnlySpan<byte> TextAt(int index) =>
        _text.AsSpan(TextBits.Start(_bits[index]), TextBits.Length(_bits[index]));

    /// <summary>Copies one sample of another set to the end of this one.</summary>
    public void CopyFrom(SampleColumns other, int index, FieldType type)
    {
        long bits = type == FieldType.String ? AddText(other.TextAt(index)) : other._bits[index];
        Add(other._times[index], bits, other._qualities[index], other._arrivals[index], other._origins[index]);
    }

    /// <summary>Sorts by time; of samples with the same time the one added last stays.</summary>
    /// <returns>How many samples gave way.</returns>
    public int SortByTime(FieldType type)
    {
        if (IsAscending())
        {
            return 0;
        }

        int before = Count;
        _sorted ??= new SampleColumns();
        _sorted.Clear();
        if (_order.Length < before)
        {
            Array.Resize(ref _order, _times.Length);
        }

        // Equal times may come in any order; of their indices the greatest one was added last.
        Span<int> order = _order.AsSpan(0, before);
        _sorted.Extend(before);
        Span<long> times = _sorted.Times;
        Times.CopyTo(times);
        for (int i = 0; i < before; i++)
        {
            order[i] = i;
        }

        times.Sort(order);
        GatherInto(_sorted, type);
        Swap(_sorted);
        return before - Count;
    }

    private void GatherInto(SampleColumns target, FieldType type)
    {
        Span<int> order = _order.AsSpan(0, Count);
        target.Clear();
        for (int i = 0; i < order.Length;)
        {
            int last = order[i];
            long time = _times[last];
            for (i++; i < order.Length && _times[order[i]] == time; i++)
            {
                last = Math.Max(last, order[i]);
            }

            target.CopyFrom(this, last, type);
        }
    }

    private void Swap(SampleColumns other)
    {
        (_times, other._times) = (other._times, _times);
        (_bits, other._bits) = (other._bits, _bits);
        (_arrivals, other._arrivals) = (other._arrivals, _arrivals);
        (_qualities, other._qualities) = (other._qualities, _qualities);
        (_origins, other._origins) = (other._origins, _origins);
        (_text, other._text) = (other._text, _text);
        (Count, TextBytes) = (other.Count, other.TextBytes);
    }

    private bool IsAscending()
    {
        ReadOnlySpan<long> times = Times;
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
