using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>
/// A spool on a faulty disk with everything that was appended written down, so that what is read can be held against
/// it.
/// </summary>
internal sealed class SpoolBench(FaultyFileSystem files, SpoolOptions? options = null) : IDisposable
{
    public const string Directory = "/spool";

    private readonly Random _random = new(7);
    private readonly Listener _listener = new();
    private int _nextNumber;
    private Spool? _spool;

    public static SpoolOptions SmallOptions { get; } = new()
    {
        Directory = Directory,
        SegmentBytesMax = 600,
        BufferBytesMax = 2048,
        BytesMax = 1 << 20,
        FreeBytesMin = 0,
        CommitIntervalMinMilliseconds = 0,
    };

    public FaultyFileSystem Files => files;

    public Spool Spool => _spool ?? throw new InvalidOperationException("the bench is not open");

    /// <summary>Every record appended that may still be there, by offset.</summary>
    public SortedDictionary<long, int> Appended { get; } = [];

    /// <summary>All that ends here or before was acknowledged.</summary>
    public long AcknowledgedOffset { get; private set; }

    /// <summary>All that starts before may have been deleted: where the cursor was last asked to go.</summary>
    public long ReleasedOffset { get; set; }

    /// <summary>Where the cursor was last told to be.</summary>
    public long CursorOffset { get; set; }

    public Spool Open(TimeProvider? time = null)
    {
        _spool = Spool.OpenStepwise(
            options ?? SmallOptions, files, time ?? TimeProvider.System, NullLogger<Spool>.Instance);
        ForgetWhatMayBeLost(_spool);
        return _spool;
    }

    /// <summary>Appends a block of records whose sizes are random; false when it was not taken.</summary>
    public bool Append(int recordCount, int bodyBytesMax = 100)
    {
        byte[] block = Enumerable.Range(0, recordCount)
            .SelectMany(_ => RecordMaker.Numbered(_nextNumber++, sizeof(int) + _random.Next(bodyBytesMax)))
            .ToArray();
        long offset = Spool.AppendedOffset;
        if (Spool.TryAppend(block, _listener, out long end) != AppendOutcome.Appended)
        {
            return false;
        }

        Assert.Equal(offset + block.Length, end);
        foreach ((int at, int number) in RecordMaker.ListNumbers(block))
        {
            Appended[offset + at] = number;
        }

        return true;
    }

    /// <summary>Commits and takes note of what the listener was told.</summary>
    public void Commit()
    {
        Spool.CommitOnce();
        AcknowledgedOffset = Math.Max(AcknowledgedOffset, _listener.DurableOffset);
    }

    /// <summary>Acknowledged ⊆ readable ⊆ appended, in order, at the offsets that were given out.</summary>
    public void CheckLaw(string scene)
    {
        using SpoolReader reader = Spool.OpenReader(Spool.FirstOffset);
        var seen = new HashSet<long>();
        long last = -1;
        while (reader.TryRead(out RecordView record))
        {
            Assert.True(record.Offset > last, $"{scene}: offset {record.Offset} came after {last}");
            last = record.Offset;
            seen.Add(record.Offset);
            bool isKnown = Appended.TryGetValue(record.Offset, out int number);
            Assert.True(isKnown, $"{scene}: nothing was appended at offset {record.Offset}");
            bool isSame = number == RecordMaker.NumberOf(record.Body);
            Assert.True(isSame, $"{scene}: offset {record.Offset} holds another record");
        }

        foreach ((long offset, _) in Appended)
        {
            bool mustBeThere = offset >= ReleasedOffset && offset < AcknowledgedOffset;
            Assert.True(!mustBeThere || seen.Contains(offset), $"{scene}: the record at offset {offset} is lost");
        }
    }

    /// <summary>The cursor stands where it was told to be, or where it was last asked to go.</summary>
    public void CheckCursor(string scene)
    {
        using Cursor cursor = Spool.OpenCursor("store", required: true);
        long low = Math.Min(CursorOffset, ReleasedOffset);
        Assert.True(cursor.Minimum >= low, $"{scene}: the cursor went back from {low} to {cursor.Minimum}");
        Assert.True(
            cursor.Minimum <= Math.Max(ReleasedOffset, Spool.FirstOffset),
            $"{scene}: the cursor went ahead from {ReleasedOffset} to {cursor.Minimum}");
    }

    public void Dispose() => _spool?.Dispose();

    // What was not acknowledged and is not there now is gone for good: it may not come back later.
    private void ForgetWhatMayBeLost(Spool spool)
    {
        var readable = new HashSet<long>();
        using SpoolReader reader = spool.OpenReader(spool.FirstOffset);
        while (reader.TryRead(out RecordView record))
        {
            readable.Add(record.Offset);
        }

        foreach (long offset in Appended.Keys.Where(at => at >= AcknowledgedOffset && !readable.Contains(at)).ToList())
        {
            Appended.Remove(offset);
        }
    }

    private sealed class Listener : ICommitListener
    {
        public long DurableOffset { get; private set; }

        public void OnCommitted(long durableOffset) => DurableOffset = durableOffset;
    }
}
