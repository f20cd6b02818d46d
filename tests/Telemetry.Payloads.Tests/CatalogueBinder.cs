using Telemetry.Model;

namespace Telemetry.Payloads.Tests;

/// <summary>Binds every field to itself.</summary>
internal sealed class CatalogueBinder : IFieldBinder
{
    private readonly SeriesCatalogue _catalogue = new();

    public FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type)
    {
        IReadOnlyList<Tag> tags = SeriesKey.Parse(arrivingSeries, out string measurement);
        InternOutcome outcome = _catalogue.TryIntern(
            SeriesKey.Render(measurement, tags), fieldName, type, out Field? field);
        return new FieldBinding(outcome, field);
    }
}
