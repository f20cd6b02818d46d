using System.Text;
using Telemetry.Mqtt;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Looks for the last messages of a topic filter in the spool: segment by segment backwards, each of them forwards,
/// until there are enough, or a ceiling of bytes or time is reached. So a look costs the way in nothing, and it sees
/// what came before a restart.
/// </summary>
internal sealed class TopicSearch
{
    private const int TopicsHeardMax = 1_000; // candidates for a topic that was misspelt
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly Spool.Spool _spool;
    private readonly TimeProvider _time;
    private readonly byte[] _filter;
    private readonly int _countMax;
    private readonly HashSet<byte[]> _heard = new(BytesComparer.Instance);
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _byTopic;

    /// <param name="spool">Where messages are.</param>
    /// <param name="filter">Topic filter.</param>
    /// <param name="countMax">How many are wanted.</param>
    /// <param name="time">Measures patience.</param>
    public TopicSearch(Spool.Spool spool, string filter, int countMax, TimeProvider time)
    {
        _spool = spool;
        _time = time;
        _filter = Encoding.UTF8.GetBytes(filter);
        _countMax = countMax;
        _byTopic = _heard.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Bytes looked through.</summary>
    public long SearchedBytes { get; private set; }

    /// <summary>Arrival of the oldest record looked at; 0 before any.</summary>
    public long SearchedFrom { get; private set; }

    /// <summary>Topics that had messages, in no order.</summary>
    public IEnumerable<string> Heard => _heard.Select(topic => Encoding.UTF8.GetString(topic));

    /// <summary>Where the last messages stand, oldest first.</summary>
    public IReadOnlyList<long> Run(CancellationToken cancellationToken)
    {
        var found = new List<long>();
        long began = _time.GetTimestamp();
        long end = _spool.DurableOffset;
        while (found.Count < _countMax
            && end > _spool.FirstOffset
            && SearchedBytes < IngestionLimits.ExplainedBytesMax
            && _time.GetElapsedTime(began) < Patience)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = _spool.SegmentStartOf(end - 1);
            found.InsertRange(0, Search(start, end, _countMax - found.Count));
            SearchedBytes += end - start;
            end = start;
        }

        return found;
    }

    private Queue<long> Search(long start, long end, int countMax)
    {
        var last = new Queue<long>();
        bool isFirst = true;
        using SpoolReader reader = _spool.OpenReader(start);
        while (reader.TryRead(out RecordView record, end))
        {
            SearchedFrom = isFirst ? record.ArrivalTime : SearchedFrom;
            isFirst = false;
            if (Matches(record))
            {
                last.Enqueue(record.Offset);
                if (last.Count > countMax)
                {
                    last.Dequeue();
                }
            }
        }

        return last;
    }

    private bool Matches(in RecordView record)
    {
        if (record.IsDropped || record.Kind is not ((byte)RecordKind.Publish or (byte)RecordKind.Retry))
        {
            return false;
        }

        bool isRetry = record.Kind == (byte)RecordKind.Retry;
        MessageRecord message = MessageRecord.Read(isRetry ? RetryRecord.Read(record.Body).Message : record.Body);
        if (_heard.Count < TopicsHeardMax)
        {
            _byTopic.Add(message.Topic);
        }

        return TopicFilter.Matches(_filter, message.Topic);
    }
}
