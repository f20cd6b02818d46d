using Telemetry.Buffers;

namespace Telemetry.Ingestion;

/// <summary>What a sequence number says of its message.</summary>
internal enum SequencePlace : byte
{
    /// <summary>It is the next one, or there are no numbers.</summary>
    InOrder,

    /// <summary>One or more before it are missing.</summary>
    BehindGap,

    /// <summary>The last message once more.</summary>
    Copy,
}

/// <summary>
/// The sequence numbers of an edge node since its birth (Sparkplug 3.0 §6.4.9): 0 to 255 and round again, one more with
/// each message of the node and of its devices.
/// </summary>
internal struct SequenceOrder
{
    private const int Count = 256;
    private const int WordBits = 64;
    private ulong _ahead0;
    private ulong _ahead1;
    private ulong _ahead2;
    private ulong _ahead3;
    private uint _lastCheck;

    /// <summary>The number expected next; −1 when the birth had none.</summary>
    public int Expected { get; private set; }

    /// <summary>Messages that came behind the gap.</summary>
    public int AheadCount { get; private set; }

    /// <summary>How many between the expected number and the furthest that came did not come.</summary>
    public readonly int MissingCount
    {
        get
        {
            int furthest = 0;
            for (int distance = 1; distance < Count && AheadCount > 0; distance++)
            {
                furthest = IsAhead((Expected + distance) & (Count - 1)) ? distance : furthest;
            }

            return AheadCount == 0 ? 0 : furthest + 1 - AheadCount;
        }
    }

    /// <summary>The number that came last.</summary>
    public int Last { get; private set; }

    public void Begin(int sequence, ReadOnlySpan<byte> payload)
    {
        this = default;
        Last = sequence;
        Expected = sequence < 0 ? -1 : Next(sequence);
        _lastCheck = Crc32C.Append(0, payload);
    }

    /// <summary>Takes the number of the next message.</summary>
    public SequencePlace Take(int sequence, ReadOnlySpan<byte> payload)
    {
        if (Expected < 0 || sequence < 0)
        {
            return SequencePlace.InOrder;
        }

        uint check = Crc32C.Append(0, payload);
        if (sequence == Last && check == _lastCheck)
        {
            return SequencePlace.Copy;
        }

        Last = sequence;
        _lastCheck = check;
        if (sequence != Expected)
        {
            AheadCount += IsAhead(sequence) ? 0 : 1;
            Word(sequence) |= 1UL << (sequence % WordBits);
            return SequencePlace.BehindGap;
        }

        Expected = Next(Expected);
        while (AheadCount > 0 && IsAhead(Expected))
        {
            Word(Expected) &= ~(1UL << (Expected % WordBits));
            AheadCount--;
            Expected = Next(Expected);
        }

        return SequencePlace.InOrder;
    }

    /// <summary>Goes on behind the last message, whatever is missing.</summary>
    public void PassOver()
    {
        (_ahead0, _ahead1, _ahead2, _ahead3, AheadCount) = (0, 0, 0, 0, 0);
        Expected = Expected < 0 ? Expected : Next(Last);
    }

    /// <summary>True when a number that stood behind a gap was before the expected one.</summary>
    /// <param name="sequence">The number.</param>
    /// <param name="first">The number that was missing.</param>
    public readonly bool IsPassed(int sequence, int first) =>
        (sequence - first & (Count - 1)) < (Expected - first & (Count - 1));

    public readonly void Save(scoped in StateWriter writer)
    {
        writer.Int32(Expected);
        writer.Int32(Last);
        writer.Int32((int)_lastCheck);
        writer.Int32(AheadCount);
        writer.Int64((long)_ahead0);
        writer.Int64((long)_ahead1);
        writer.Int64((long)_ahead2);
        writer.Int64((long)_ahead3);
    }

    public static SequenceOrder Restore(scoped ref StateReader reader) => new()
    {
        Expected = reader.Int32() is var expected and >= -1 and < Count ? expected : -1,
        Last = reader.Int32(),
        _lastCheck = (uint)reader.Int32(),
        AheadCount = reader.Int32(),
        _ahead0 = (ulong)reader.Int64(),
        _ahead1 = (ulong)reader.Int64(),
        _ahead2 = (ulong)reader.Int64(),
        _ahead3 = (ulong)reader.Int64(),
    };

    private static int Next(int sequence) => (sequence + 1) & (Count - 1);

    private readonly bool IsAhead(int sequence)
    {
        ulong word = (sequence / WordBits) switch { 0 => _ahead0, 1 => _ahead1, 2 => _ahead2, _ => _ahead3 };
        return (word & (1UL << (sequence % WordBits))) != 0;
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref ulong Word(int sequence)
    {
        switch (sequence / WordBits)
        {
            case 0:
                return ref _ahead0;
            case 1:
                return ref _ahead1;
            case 2:
                return ref _ahead2;
            default:
                return ref _ahead3;
        }
    }
}
