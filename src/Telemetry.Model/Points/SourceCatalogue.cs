using System.Globalization;
using System.Text;

namespace Telemetry.Model;

/// <summary>Where samples of a field came from, and how the original is got back: (value − offset) ÷ scale.</summary>
/// <param name="Series">Measurement and tags as they arrived, in line-protocol form.</param>
/// <param name="Field">The field as it arrived.</param>
/// <param name="Unit">Its unit as UCUM code; empty when it is not known.</param>
/// <param name="Scale">Factor from the arriving unit to the stored one.</param>
/// <param name="Offset">Added after the factor.</param>
public sealed record SampleSource(string Series, string Field, string Unit, double Scale = 1, double Offset = 0)
{
    private const int DigitsMax = 17; // enough to tell any two doubles apart
    private const int StepsMax = 16; // the way back rounds twice

    /// <summary>True when values are stored as they came.</summary>
    public bool IsIdentity => Scale == 1 && Offset == 0;

    /// <summary>
    /// The value that came where <paramref name="stored"/> is: of the doubles that are stored as it the one with the
    /// fewest digits, since gateways send decimals. Digits that the conversion lost do not come back.
    /// </summary>
    public double OriginalOf(double stored)
    {
        double near = (stored - Offset) / Scale;
        if (IsIdentity || !double.IsFinite(near))
        {
            return IsIdentity ? stored : near;
        }

        for (int digits = 1; digits <= DigitsMax; digits++)
        {
            double rounded = double.Parse(
                near.ToString($"E{digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if ((rounded * Scale) + Offset == stored)
            {
                return rounded;
            }
        }

        return NearestThatGives(stored, near);
    }

    /// <summary>The arithmetic back may miss by some steps where the one there rounds more finely.</summary>
    private double NearestThatGives(double stored, double near)
    {
        (double below, double above) = (near, near);
        for (int step = 0; step < StepsMax; step++)
        {
            (below, above) = (Math.BitDecrement(below), Math.BitIncrement(above));
            if ((below * Scale) + Offset == stored)
            {
                return below;
            }

            if ((above * Scale) + Offset == stored)
            {
                return above;
            }
        }

        return near;
    }
}

/// <summary>
/// Numbers for sources, given once and for ever: samples carry them, the store keeps the table. Any thread may ask.
/// </summary>
/// <param name="nameBytesMax">Ceiling on the bytes of their names (law L6).</param>
public sealed class SourceCatalogue(long nameBytesMax = Limits.CatalogueNameBytesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SampleSource, int> _numbers = [];
    private readonly List<SampleSource?> _sources = [];
    private long _nameBytes;

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

    /// <summary>The number of a source; 0 beyond the ceilings on sources and on their names.</summary>
    public int NumberOf(SampleSource source)
    {
        lock (_lock)
        {
            if (_numbers.TryGetValue(source, out int known))
            {
                return known;
            }

            long nameBytes = BytesOf(source);
            if (_sources.Count >= Limits.SourceCountMax || _nameBytes + nameBytes > nameBytesMax)
            {
                return 0;
            }

            _nameBytes += nameBytes;
            source = SharingLocked(source);
            _sources.Add(source);
            _numbers.Add(source, _sources.Count);
            return _sources.Count;
        }
    }

    /// <summary>
    /// Takes back a number that was given in an earlier run, ahead of all that are given in this one; numbers between
    /// those taken back stay without a source.
    /// </summary>
    public void Restore(int number, SampleSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Limits.SourceCountMax);
        lock (_lock)
        {
            source = SharingLocked(source);
            while (_sources.Count < number)
            {
                _sources.Add(null);
            }

            if (_sources[number - 1] is { } other && other != source)
            {
                throw new InvalidOperationException(
                    $"BUG: source {number} was given to '{other.Field}' before it was taken back for '{source.Field}'");
            }

            _nameBytes += _sources[number - 1] is null ? BytesOf(source) : 0;
            _sources[number - 1] = source;
            _numbers.TryAdd(source, number);
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

    /// <summary>Fields of a series come one behind the other: their sources share its text.</summary>
    private SampleSource SharingLocked(SampleSource source) =>
        _sources is [.., { } last] && last.Series == source.Series ? source with { Series = last.Series } : source;

    private static long BytesOf(SampleSource source) =>
        Encoding.UTF8.GetByteCount(source.Series)
        + Encoding.UTF8.GetByteCount(source.Field)
        + Encoding.UTF8.GetByteCount(source.Unit);
}
