using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>A place in the store that is looked at: a field at an instant, and what is there.</summary>
internal struct StoredSample
{
    /// <summary>The field.</summary>
    public int FieldId;

    /// <summary>Event time, nanoseconds since 1970.</summary>
    public long Time;

    /// <summary>Index of the point and of the sample in the batch that asks.</summary>
    public int Point;

    /// <inheritdoc cref="Point"/>
    public int Sample;

    /// <summary>Whether there is a sample.</summary>
    public bool IsThere;

    /// <summary>Its value, unless it is a string.</summary>
    public long Bits;

    /// <summary>Its value, if it is a string.</summary>
    public byte[]? Text;

    /// <summary>Its quality as an OPC byte.</summary>
    public byte Quality;

    /// <summary>When it arrived, milliseconds since 1970.</summary>
    public long Arrival;

    /// <summary><see cref="Compare"/> as an order.</summary>
    public static IComparer<StoredSample> Order { get; } = Comparer<StoredSample>.Create(Compare);

    /// <summary>True for the same field and time.</summary>
    public static bool IsSamePlace(in StoredSample one, in StoredSample other) =>
        one.FieldId == other.FieldId && one.Time == other.Time;

    /// <summary>By field and time, and then in the order in which they came.</summary>
    public static int Compare(StoredSample one, StoredSample other)
    {
        int byField = one.FieldId.CompareTo(other.FieldId);
        int byTime = byField != 0 ? byField : one.Time.CompareTo(other.Time);
        return byTime != 0 ? byTime : one.Sample.CompareTo(other.Sample);
    }
}

/// <summary>Finds what is stored at many places at once.</summary>
internal static class StoredSamples
{
    private const long NearNanoseconds = 3_600_000_000_000; // places farther apart are read for themselves

    /// <summary>Fills in what is there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="places">In the order of <see cref="StoredSample.Compare"/>.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static void Find(ISampleSource store, StoredSample[] places)
    {
        int from = 0;
        while (from < places.Length)
        {
            int to = from + 1;
            while (to < places.Length
                && places[to].FieldId == places[from].FieldId
                && places[to].Time - places[to - 1].Time <= NearNanoseconds)
            {
                to++;
            }

            var visitor = new Visitor(places, from, to);
            store.Read(places[from].FieldId, places[from].Time, places[to - 1].Time + 1, ref visitor);
            from = to;
        }
    }

    /// <summary>Walks places and samples side by side; both ascend.</summary>
    private struct Visitor(StoredSample[] places, int from, int to) : ISampleVisitor
    {
        private int _next = from;

        public readonly bool WantsProvenance => true;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            for (int i = 0; i < block.Count && _next < to; i++)
            {
                while (_next < to && places[_next].Time < block.Times[i])
                {
                    _next++;
                }

                for (; _next < to && places[_next].Time == block.Times[i]; _next++)
                {
                    ref StoredSample place = ref places[_next];
                    place.IsThere = true;
                    place.Bits = block.Bits[i];
                    place.Text = block.Type == FieldType.String ? block.TextAt(i).ToArray() : null;
                    place.Quality = block.Qualities[i];
                    place.Arrival = block.Arrivals[i];
                }
            }

            return _next < to;
        }
    }
}
