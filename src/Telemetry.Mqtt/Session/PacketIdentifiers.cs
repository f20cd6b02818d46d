using System.Numerics;

namespace Telemetry.Mqtt;

/// <summary>
/// The packet identifiers of what one side sends (MQTT 5 §2.2.1): 1 to 65,535, none twice in flight
/// [MQTT-2.2.1-3]. They go round, so that one just given back is not the next. Memory follows the most that were ever
/// in flight at once: one bit each.
/// </summary>
public sealed class PacketIdentifiers
{
    /// <summary>Identifiers that there are; 0 is none.</summary>
    public const int CountMax = ushort.MaxValue;

    private const int BitsPerWord = 64;
    private const int WordCountMax = (CountMax + 1) / BitsPerWord;

    private ulong[] _taken = [1]; // one bit per identifier; bit 0, the identifier 0, is never free
    private int _last;

    /// <summary>Identifiers in flight.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a free identifier.</summary>
    /// <returns>False when all are in flight; <paramref name="identifier"/> is then 0.</returns>
    public bool TryTake(out ushort identifier)
    {
        int free = FindFree(_last + 1);
        if (free < 0 && _taken.Length < WordCountMax)
        {
            free = _taken.Length * BitsPerWord;
            Array.Resize(ref _taken, _taken.Length * 2);
        }

        if (free < 0)
        {
            identifier = 0;
            return false;
        }

        Mark(free);
        _last = free;
        identifier = (ushort)free;
        return true;
    }

    /// <summary>Marks an identifier as in flight that a stored session brings with it; false when it was.</summary>
    public bool TryTake(ushort identifier)
    {
        while (identifier >= _taken.Length * BitsPerWord)
        {
            Array.Resize(ref _taken, _taken.Length * 2);
        }

        if (IsTaken(identifier))
        {
            return false;
        }

        Mark(identifier);
        return true;
    }

    /// <summary>Whether the identifier is in flight; 0 never is.</summary>
    public bool IsInFlight(ushort identifier) =>
        identifier != 0 && identifier < _taken.Length * BitsPerWord && IsTaken(identifier);

    /// <summary>Gives an identifier back; false when it was not in flight.</summary>
    public bool Release(ushort identifier)
    {
        if (!IsInFlight(identifier))
        {
            return false;
        }

        _taken[identifier / BitsPerWord] &= ~(1UL << (identifier % BitsPerWord));
        Count--;
        return true;
    }

    private bool IsTaken(int identifier) => ((_taken[identifier / BitsPerWord] >> (identifier % BitsPerWord)) & 1) != 0;

    private void Mark(int identifier)
    {
        _taken[identifier / BitsPerWord] |= 1UL << (identifier % BitsPerWord);
        Count++;
    }

    /// <summary>The first free identifier from <paramref name="from"/> on, round the end; −1 for none.</summary>
    private int FindFree(int from)
    {
        int first = from / BitsPerWord;
        ulong before = (1UL << (from % BitsPerWord)) - 1; // in the first word, what lies before comes last
        for (int i = 0; i <= _taken.Length; i++)
        {
            int word = (first + i) % _taken.Length;
            ulong free = ~_taken[word] & (i == 0 && first < _taken.Length ? ~before : ulong.MaxValue);
            if (free != 0)
            {
                return (word * BitsPerWord) + BitOperations.TrailingZeroCount(free);
            }
        }

        return -1;
    }
}
