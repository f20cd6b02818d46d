using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>How full the catalogue of names is, and who fills it.</summary>
/// <param name="Share">What is used of the nearer one of its ceilings, from 0 to 1.</param>
/// <param name="Use">The same in numbers.</param>
/// <param name="IsFull">True when names were refused since the service started.</param>
/// <param name="Culprit">The measurement that has most of it.</param>
/// <param name="Gateway">The gateway that sent most of its fields last; empty when none did since the start.</param>
public sealed record CatalogueReport(
    double Share, string Use, bool IsFull, CatalogueCulprit Culprit, string Gateway)
{
    private const int NameCharactersMax = 100; // what a person reads of a name

    /// <summary>Who fills it, as a sentence has it.</summary>
    public string Who
    {
        get
        {
            string measurement = Cut(Culprit.Measurement);
            if (Culprit.Measurements > Culprit.Fields)
            {
                return $"they are of {Culprit.Measurements} measurements, most in \"{measurement}\"{Sender}";
            }

            string many = Culprit.TagValues >= Culprit.FieldNames
                ? $"its tag \"{Cut(Culprit.TagKey)}\" has {Culprit.TagValues} values"
                : $"they have {Culprit.FieldNames} names";
            string size = $"{Culprit.Fields} fields in {Culprit.Series} series";
            return $"measurement \"{measurement}\" has {size}, {many}{Sender}";
        }
    }

    private string Sender => Gateway.Length > 0 ? $", most of them sent by gateway \"{Cut(Gateway)}\"" : "";

    /// <summary>The report in words.</summary>
    public string Words => IsFull
        ? $"points of further names are refused: the catalogue holds {Use}, the last tenth for others; {Who}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the catalogue of names is {Share * 100:F0} % full, {Use}; when it is full points of further names are "
            + $"refused; {Who}");

    /// <summary>A name for people and labels: its beginning, in one line.</summary>
    internal static string Cut(string name)
    {
        string line = string.Concat(name.Take(NameCharactersMax).Select(one => char.IsControl(one) ? '?' : one));
        return name.Length > NameCharactersMax ? line + "…" : line;
    }
}
