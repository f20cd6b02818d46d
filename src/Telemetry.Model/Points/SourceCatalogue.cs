namespace Telemetry.Model;

/// <summary>Where samples of a field came from, and how the original is got back: (value − offset) ÷ scale.</summary>
/// <param name="Series">Measurement and tags as they arrived, in line-protocol form.</param>
/// <param name="Field">The field as it arrived.</param>
/// <param name="Unit">Its unit as UCUM code; empty when it is not known.</param>
/// <param name="Scale">Factor from the arriving unit to the stored one.</param>
/// <param name="Offset">Added after the factor.</param>
public sealed record SampleSource(string Series, string Field, string Unit, double Scale = 1, double Offset = 0);

/// <summary>
/// Numbers for sources, given once and for ever: samples carry them, the store keeps the table. Any thread may ask.
/// </summary>
public sealed class SourceCatalogue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SampleSource, int> _numbers = [];
    private readonly List<SampleSource> _sources = [];

    /// <summary>How many there are; their numbers are 1 … Count.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sources.Count;
            }
        }
    }

    /// <summary>The number of a source; 0 beyond <see cref="Limits.SourceCountMax"/>.</summary>
    public int NumberOf(SampleSource source)
    {
        lock (_lock)
        {
            if (_numbers.TryGetValue(source, out int known))
            {
                return known;
            }

            if (_sources.Count >= Limits.SourceCountMax)
            {
                return 0;
            }

            _sources.Add(source);
            _numbers.Add(source, _sources.Count);
            return _sources.Count;
        }
    }

    /// <summary>The source of a number; null for 0 and for numbers that were never given.</summary>
    public SampleSource? At(int number)
    {
        lock (_lock)
        {
            return number > 0 && number <= _sources.Count ? _sources[number - 1] : null;
        }
    }
}
