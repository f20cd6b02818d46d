using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Ties the catalogue's fields to the signals of the site that is in force where detection stands in the log. Belongs
/// to its thread.
/// </summary>
internal sealed class FieldSignals(SeriesCatalogue catalogue)
{
    private int _bound; // fields before this one are bound

    /// <summary>The site in force; null before the first batch.</summary>
    public SiteCatalogue? Site { get; private set; }

    /// <summary>The signal that a field is; null when it is none.</summary>
    public SignalInstance? SignalOf(int fieldId) => catalogue.FieldAt(fieldId).Signal;

    /// <summary>Binds all fields anew, those too that will not come again: they are found silent.</summary>
    public void Follow(SiteCatalogue site)
    {
        Site = site;
        _bound = 0;
        BindNew();
    }

    /// <summary>Binds the fields that have come since.</summary>
    public void BindNew()
    {
        for (int count = catalogue.FieldCount; _bound < count; _bound++)
        {
            Field field = catalogue.FieldAt(_bound);
            catalogue.Bind(field, Site!.SignalOf(field));
        }
    }
}
