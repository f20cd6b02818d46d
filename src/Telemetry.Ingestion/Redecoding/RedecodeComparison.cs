using Telemetry.Model;
using Telemetry.Store;

namespace Telemetry.Ingestion;

/// <summary>Holds what messages give now against what is stored, and against what they gave when they came.</summary>
/// <param name="store">What is stored.</param>
/// <param name="site">The site in force, for units.</param>
/// <param name="overwrites">True to write also over what came later than its message.</param>
/// <param name="findings">Told of every sample.</param>
internal sealed class RedecodeComparison(
    ISampleSource store, SiteCatalogue site, bool overwrites, RedecodeFindings findings)
{
    /// <summary>Compares a step.</summary>
    /// <param name="then">What the messages gave when they came.</param>
    /// <param name="now">What they give now.</param>
    /// <returns>For each sample of <paramref name="now"/> whether it is to be written.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public bool[] Compare(PointBatch then, PointBatch now)
    {
        StoredSample[] places = PlacesOf(now);
        StoredSamples.Find(store, places);
        var isWritten = new bool[now.Samples.Length];
        foreach (ref readonly StoredSample place in places.AsSpan())
        {
            isWritten[place.Sample] = Judge(now, place);
        }

        NoteLeftBehind(then, places);
        return isWritten;
    }

    private bool Judge(PointBatch now, in StoredSample place)
    {
        ref readonly SampleEntry sample = ref now.Samples[place.Sample];
        if (place.IsThere && IsEqual(now, sample, place))
        {
            findings.OnUnchanged(place.FieldId);
            return false;
        }

        if (place.IsThere && place.Arrival > ArrivalOf(now, place) && !overwrites)
        {
            findings.OnLater(place.FieldId);
            return false;
        }

        findings.OnWritten(now, place, UnitOf);
        return true;
    }

    /// <summary>Stored by these messages, and put there by none of them any more.</summary>
    private void NoteLeftBehind(PointBatch then, StoredSample[] given)
    {
        StoredSample[] gone = [.. PlacesOf(then).Where(place => !IsAmong(given, place))];
        StoredSamples.Find(store, gone);
        foreach (ref readonly StoredSample place in gone.AsSpan())
        {
            if (place.IsThere && place.Arrival == ArrivalOf(then, place))
            {
                findings.OnLeftBehind(place.FieldId, place.Time);
            }
        }
    }

    /// <summary>The places of all samples in their order; of those with the same field and time the last.</summary>
    private static StoredSample[] PlacesOf(PointBatch batch)
    {
        var places = new StoredSample[batch.Samples.Length];
        for (int point = 0; point < batch.Points.Length; point++)
        {
            PointEntry entry = batch.Points[point];
            for (int sample = entry.FirstSample; sample < entry.FirstSample + entry.SampleCount; sample++)
            {
                int fieldId = batch.Samples[sample].FieldId;
                places[sample] = new StoredSample
                {
                    FieldId = fieldId,
                    Time = entry.Time,
                    Point = point,
                    Sample = sample,
                };
            }
        }

        Array.Sort(places, StoredSample.Compare);
        int count = 0;
        for (int i = 0; i < places.Length; i++)
        {
            bool isSame = count > 0 && StoredSample.IsSamePlace(places[count - 1], places[i]);
            count += isSame ? 0 : 1;
            places[count - 1] = places[i];
        }

        return places[..count];
    }

    private static bool IsAmong(StoredSample[] places, StoredSample wanted)
    {
        int index = Array.BinarySearch(places, wanted with { Sample = int.MaxValue }, StoredSample.Order);
        int before = ~index - 1; // of all at that place the last; its sample is lower than the one looked for
        return before >= 0 && StoredSample.IsSamePlace(places[before], wanted);
    }

    private static bool IsEqual(PointBatch now, in SampleEntry sample, in StoredSample stored) =>
        sample.Quality == stored.Quality
        && (sample.Type == FieldType.String
            ? now.TextOf(sample).SequenceEqual(stored.Text)
            : sample.Bits == stored.Bits);

    private static long ArrivalOf(PointBatch batch, in StoredSample place) =>
        batch.Records[batch.Points[place.Point].Record].ArrivalTime / Timestamp.NanosecondsPerMillisecond;

    private string UnitOf(Field field) => site.SignalOf(field)?.Definition.Unit ?? "";
}
