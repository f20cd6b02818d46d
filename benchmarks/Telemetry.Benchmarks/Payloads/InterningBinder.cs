using Telemetry.Model;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>Binds every field to itself; the inputs write their tags in canonical order already.</summary>
internal sealed class InterningBinder : IFieldBinder
{
    private readonly SeriesCatalogue _catalogue = new();

    /// <inheritdoc/>
    public FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type)
    {
        InternOutcome outcome = _catalogue.TryIntern(arrivingSeries, fieldName, type, out Field? field);
        return new FieldBinding(outcome, field);
    }
}
