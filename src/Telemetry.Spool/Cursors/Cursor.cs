namespace Telemetry.Spool;

/// <summary>
/// A consumer's durable place: for each lane the offset from which on it still has to read. Offsets only grow. One
/// thread at a time.
/// </summary>
public sealed class Cursor : IDisposable
{
    private const int NameLengthMax = 64;

    private readonly CursorFile _file;
    private readonly SpoolHold _hold;
    private readonly Func<long> _durableOffset;
    private readonly long[] _laneOffsets;

    internal Cursor(CursorFile file, SpoolHold hold, long[] laneOffsets, Func<long> durableOffset)
    {
        _file = file;
        _hold = hold;
        _laneOffsets = laneOffsets;
        _durableOffset = durableOffset;
    }

    /// <summary>The consumer.</summary>
    public string Name => _hold.Name;

    /// <summary>Whether intake stops rather than delete what lies behind this cursor.</summary>
    public bool IsRequired => _hold.IsRequired;

    /// <summary>Where each lane is to be read on.</summary>
    public ReadOnlySpan<long> LaneOffsets => _laneOffsets;

    /// <summary>The lowest of them: where a reader of all lanes begins.</summary>
    public long Minimum
    {
        get
        {
            long minimum = long.MaxValue;
            foreach (long offset in _laneOffsets)
            {
                minimum = Math.Min(minimum, offset);
            }

            return minimum;
        }
    }

    /// <summary>
    /// Writes the new place of all lanes and returns when it is durable; then releases what lies before the lowest.
    /// </summary>
    /// <exception cref="ArgumentException">A lane goes back, or beyond what is durable.</exception>
    /// <exception cref="IOException">The disk refused; the cursor stands where it stood.</exception>
    public void Advance(ReadOnlySpan<long> laneOffsets)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(laneOffsets.Length, SpoolRecord.LaneCount, nameof(laneOffsets));
        long durable = _durableOffset();
        for (int lane = 0; lane < laneOffsets.Length; lane++)
        {
            if (laneOffsets[lane] < _laneOffsets[lane] || laneOffsets[lane] > durable)
            {
                throw new ArgumentException(
                    $"cannot advance cursor '{Name}': expected lane {lane} between {_laneOffsets[lane]} and {durable}, "
                    + $"found {laneOffsets[lane]}",
                    nameof(laneOffsets));
            }
        }

        _file.Replace(laneOffsets);
        laneOffsets.CopyTo(_laneOffsets);
        _hold.ReleaseTo(Minimum);
    }

    /// <summary>Stops holding the spool; the place stays on the disk.</summary>
    public void Dispose() => _hold.Dispose();

    internal static void RequireName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool isPlain = name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        if (name.Length > NameLengthMax || !isPlain)
        {
            throw new ArgumentException(
                $"cannot name a cursor '{name}': expected at most {NameLengthMax} of a-z, 0-9 and '-'", nameof(name));
        }
    }
}
