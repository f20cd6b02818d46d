using System.Text.RegularExpressions;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>Replaces wildcards and patterns of names by the names that the measurements have.</summary>
internal sealed class Wildcards
{
    private readonly SortedDictionary<string, FieldType> _fields = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _tags = new(StringComparer.Ordinal);

    public Wildcards(IReadOnlyList<MeasurementEntry> measurements)
    {
        foreach (MeasurementEntry measurement in measurements)
        {
            _tags.UnionWith(measurement.TagKeys);
            foreach ((string name, FieldType type) in measurement.Fields)
            {
                _fields.TryAdd(name, type);
            }
        }
    }

    /// <summary>The tags that make groups, sorted and each once.</summary>
    public IReadOnlyList<string> DimensionsOf(Grouping grouping) =>
    [
        .. grouping.Tags
            .Concat(_tags.Where(tag => grouping.AllTags || grouping.Patterns.Exists(p => p.IsMatch(tag))))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The field list with names only; tags that make groups are no columns of a wildcard.</summary>
    public IReadOnlyList<SelectField> FieldsOf(IReadOnlyList<SelectField> fields, IReadOnlyList<string> dimensions) =>
    [
        .. fields.SelectMany(field => field.Expression switch
        {
            WildcardExpression wildcard => NamesOf(wildcard.Kind, null, dimensions),
            RegexExpression regex => NamesOf(NameKind.Any, regex.Pattern, dimensions),
            CallExpression call => CallsOf(field, call),
            _ => [field],
        }),
    ];

    private IEnumerable<SelectField> NamesOf(NameKind kind, Regex? pattern, IReadOnlyList<string> dimensions)
    {
        IEnumerable<NameExpression> fields = _fields.Keys.Select(name => new NameExpression(name, NameKind.Field));
        IEnumerable<NameExpression> tags = _tags
            .Where(name => !dimensions.Contains(name))
            .Select(name => new NameExpression(name, NameKind.Tag));
        return (kind == NameKind.Tag ? [] : fields)
            .Concat(kind == NameKind.Field ? [] : tags)
            .Where(name => pattern?.IsMatch(name.Name) ?? true)
            .OrderBy(name => name.Name, StringComparer.Ordinal)
            .Select(name => new SelectField(name, ""));
    }

    private IEnumerable<SelectField> CallsOf(SelectField field, CallExpression call)
    {
        Regex? pattern = (call.Arguments[0] as RegexExpression)?.Pattern;
        if (pattern is null && call.Arguments[0] is not WildcardExpression)
        {
            return [field];
        }

        bool isAspect = SampleAspects.TryRead(call.Function, out SampleAspect aspect);
        string prefix = field.Alias.Length > 0 ? field.Alias : call.Function;
        return _fields
            .Where(known => isAspect || AggregateFunctions.Takes(call.Function, known.Value))
            .Where(known => pattern?.IsMatch(known.Key) ?? true)
            .Select(known => new SelectField(
                isAspect
                    ? new NameExpression(known.Key, NameKind.Field, aspect)
                    : call with { Arguments = [new NameExpression(known.Key), .. call.Arguments.Skip(1)] },
                $"{prefix}_{known.Key}"));
    }
}
