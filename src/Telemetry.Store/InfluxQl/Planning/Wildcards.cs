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

    /// <summary>The field list with the tags of top and bottom as columns after them.</summary>
    public static IEnumerable<SelectField> WithPickedTags(IEnumerable<SelectField> fields) =>
        fields.SelectMany(field => field.Expression is CallExpression { Function: "top" or "bottom" } pick
            ? [field, .. pick.Arguments.Skip(1).OfType<NameExpression>().Select(tag => new SelectField(tag, ""))]
            : (IEnumerable<SelectField>)[field]);

    /// <summary>The field list with names only; tags that make groups are no columns of a wildcard.</summary>
    public IReadOnlyList<SelectField> FieldsOf(IReadOnlyList<SelectField> fields, IReadOnlyList<string> dimensions) =>
    [
        .. fields.SelectMany(field => field.Expression switch
        {
            WildcardExpression wildcard => NamesOf(wildcard.Kind, null, dimensions),
            RegexExpression regex => NamesOf(NameKind.Any, regex.Pattern, dimensions),
            CallExpression or MathExpression => CallsOf(field),
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

    /// <summary>A call as often as its innermost first argument, a wildcard or pattern, stands for fields.</summary>
    private IEnumerable<SelectField> CallsOf(SelectField field)
    {
        (string function, Expression innermost) = InnermostOf(field.Expression, "");
        Regex? pattern = (innermost as RegexExpression)?.Pattern;
        if (pattern is null && innermost is not WildcardExpression)
        {
            return [field];
        }

        if (innermost is WildcardExpression { Kind: NameKind.Tag })
        {
            throw new QueryRefusedException($"unable to use tag wildcard in {function}()");
        }

        string prefix = field.Alias.Length > 0 ? field.Alias : ExpressionText.NameOf(field.Expression);
        return _fields
            .Where(known => SampleAspects.TryRead(function, out _) || AggregateFunctions.Takes(function, known.Value))
            .Where(known => pattern?.IsMatch(known.Key) ?? true)
            .Select(known => new SelectField(WithName(field.Expression, known.Key), $"{prefix}_{known.Key}"));
    }

    private static (string Function, Expression Argument) InnermostOf(Expression expression, string function) =>
        expression switch
        {
            CallExpression { Arguments.Count: > 0 } call => InnermostOf(call.Arguments[0], call.Function),
            MathExpression { Arguments.Count: > 0 } math =>
                InnermostOf(math.Arguments[0], MathFunctions.NameOf(math.Function)),
            _ => (function, expression),
        };

    private static Expression WithName(Expression expression, string name) => expression switch
    {
        CallExpression call when SampleAspects.TryRead(call.Function, out SampleAspect aspect) =>
            new NameExpression(name, NameKind.Field, aspect),
        CallExpression call => call with { Arguments = WithName(call.Arguments, name) },
        MathExpression math => math with { Arguments = WithName(math.Arguments, name) },
        _ => new NameExpression(name),
    };

    private static List<Expression> WithName(IReadOnlyList<Expression> arguments, string name) =>
        [WithName(arguments[0], name), .. arguments.Skip(1)];
}
