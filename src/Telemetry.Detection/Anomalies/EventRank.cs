using System.Runtime.CompilerServices;

namespace Telemetry.Detection;

/// <summary>Sizes of the largest events of a channel, largest first.</summary>
[InlineArray(EventRank.PeakCountMax)]
internal struct PeakSizes
{
    private float _first;
}

/// <summary>
/// How rare a value is among the events of its own channel: the largest few are kept, values close together in time
/// being one event (declustering, Leadbetter 1991), and their tail is continued by Hill's estimate (1975), by the
/// spacings of all but the largest (Rényi 1953): a few faults of the past do not hide the next. So every channel
/// speaks the same language, whatever its distribution: an event that large was seen so many times so far.
/// </summary>
internal struct EventRank
{
    /// <summary>How many events are kept.</summary>
    public const int PeakCountMax = 16;

    /// <summary>Surprise of a value that is smaller than all events kept.</summary>
    public const double Usual = -1.3; // a little below -log10 of the number of events kept

    /// <summary>The largest surprise: Hill's tail says nothing beyond that.</summary>
    public const double SurpriseMax = 3;

    private const int TailCountMin = 3; // fewer events have no tail
    private const double TailPrior = 0.5; // keeps a tail of nearly equal events from having no width
    private const int LeftOutCount = 6; // the largest events may be faults: what is usual is told by the others
    private const double RescaleBelow = 1e-6;

    /// <summary>Sizes, to be multiplied by <see cref="_scale"/>.</summary>
    private PeakSizes _sizes;
    private float _scale;
    private int _latestRow; // of the event that came last, where it was largest
    private byte _latestPlace;
    private byte _count;

    /// <summary>True when its numbers stay within its arrays.</summary>
    public readonly bool IsSane => _count <= PeakCountMax && _latestPlace < PeakCountMax;

    /// <summary>Takes a value and says how surprising it is.</summary>
    /// <param name="row">Number of the observation; ascending.</param>
    /// <param name="size">What the channel measured; 0 for nothing.</param>
    /// <param name="gap">Rows within which two large values are one event.</param>
    /// <param name="fade">
    /// The part that events lose of their size with each row, so that old ones are forgotten.
    /// </param>
    /// <returns>−log10 of the expected number of past events as large.</returns>
    public double Observe(int row, double size, int gap, double fade)
    {
        if (_count == 0)
        {
            _scale = 1;
        }

        Fade(fade);
        if (!(size > 0))
        {
            return Usual;
        }

        float scaled = (float)(size / _scale);
        double surprise = SurpriseOf(scaled);
        Keep(row, scaled, gap);
        return surprise;
    }

    /// <summary>One factor for all, instead of touching each of them at each row.</summary>
    private void Fade(double fade)
    {
        _scale *= (float)(1 - fade);
        if (_scale < RescaleBelow)
        {
            for (int i = 0; i < _count; i++)
            {
                _sizes[i] *= _scale;
            }

            _scale = 1;
        }
    }

    private readonly double SurpriseOf(float scaled)
    {
        if (_count < TailCountMin || scaled <= _sizes[_count - 1])
        {
            return Usual;
        }

        double smallest = _sizes[_count - 1];
        int leftOut = Math.Min(LeftOutCount, _count - TailCountMin);
        double sum = TailPrior;
        for (int i = leftOut; i < _count - 1; i++)
        {
            sum += (i + 1) * Math.Log(_sizes[i] / _sizes[i + 1]);
        }

        double width = sum / (_count - leftOut);
        double surprise = (Math.Log10(scaled / smallest) / width) - Math.Log10(_count);
        return Math.Clamp(surprise, Usual, SurpriseMax);
    }

    private void Keep(int row, float scaled, int gap)
    {
        bool isOpen = _count > 0 && row - _latestRow <= gap;
        if (isOpen ? scaled <= _sizes[_latestPlace] : _count == PeakCountMax && scaled <= _sizes[_count - 1])
        {
            return;
        }

        int place = isOpen ? _latestPlace : Math.Min((int)_count, PeakCountMax - 1);
        _count = (byte)Math.Max(_count, place + 1);
        for (; place > 0 && _sizes[place - 1] < scaled; place--)
        {
            _sizes[place] = _sizes[place - 1];
        }

        _sizes[place] = scaled;
        _latestPlace = (byte)place;
        _latestRow = row;
    }
}
