using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>
/// Fields without samples: a condition is on a field, so that what is said of a whole gateway or asset needs one.
/// </summary>
internal static class StandInSignal
{
    /// <summary>
    /// The field that stands for a gateway or an asset, bound to the signal that findings are told of; made when there
    /// is something to say, not before. Null when the catalogue is full.
    /// </summary>
    /// <param name="catalogue">Takes it.</param>
    /// <param name="measurement">Of its series; none that the site has.</param>
    /// <param name="tag">Key of the tag that names the gateway or the asset.</param>
    /// <param name="signal">The signal.</param>
    public static Field? Bind(SeriesCatalogue catalogue, string measurement, string tag, SignalInstance signal)
    {
        byte[] key = SeriesKey.Render(measurement, [new Tag(tag, signal.Asset.Id)]);
        if (catalogue.TryIntern(key, signal.Definition.Key, FieldType.Float, out Field? field)
            != InternOutcome.Interned)
        {
            return null;
        }

        catalogue.Bind(field!, signal);
        return field;
    }
}
