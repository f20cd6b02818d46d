namespace Telemetry.Store.InfluxQl;

/// <summary>Makes a <see cref="SelectPlan"/> of a SELECT statement and what the catalogue knows.</summary>
internal sealed class Planner
{
    private readonly List<NameExpression> _names = [];
    private readonly List<AggregateCall> _calls = [];
    private readonly List<string> _callTexts = []; // calls are the same when they are written the same
    private readonly CallReading _reading;

    private Planner(SelectStatement statement)
    {
        _reading = new CallReading(statement);
    }

    /// <summary>The instants a statement asks for and what else its condition says.</summary>
    public static (TimeRange Range, Expression? Condition) RangeOf(SelectStatement statement, long now)
    {
        (TimeRange range, Expression? condition) = ConditionSplit.Split(statement.Condition, now, statement.Zone);
        range = range.And(statement.OuterRange);
        return statement.Grouping.Time is not null && range.Last is null
            ? (range with { Last = now }, condition)
            : (range, condition);
    }

    /// <summary>Plans a statement; null when it can find nothing.</summary>
    /// <exception cref="QueryRefusedException">It asks for what cannot be computed.</exception>
    public static SelectPlan? Plan(
        SelectStatement statement, IReadOnlyList<MeasurementEntry> measurements, long now)
    {
        (TimeRange range, Expression? condition) = RangeOf(statement, now);
        SelectRules.Require(statement);
        var wildcards = new Wildcards(measurements);
        IReadOnlyList<string> dimensions = wildcards.DimensionsOf(statement.Grouping);
        List<SelectField> fields =
        [
            .. Wildcards.WithPickedTags(wildcards.FieldsOf(statement.Fields, dimensions))
                .Where(field => field.Alias.Length > 0 || !SelectRules.IsTime(field.Expression)),
        ];
        return fields.Count == 0 || measurements.Count == 0
            ? null
            : new Planner(statement).Plan(statement, measurements, fields) with
            {
                Dimensions = dimensions,
                GroupTags =
                    [.. dimensions.Union(statement.Grouping.OuterTags).Order(StringComparer.Ordinal)],
                Range = range,
                Now = now,
                Condition = condition,
            };
    }

    private SelectPlan Plan(
        SelectStatement statement, IReadOnlyList<MeasurementEntry> measurements, List<SelectField> fields)
    {
        foreach (SelectField field in fields)
        {
            Collect(field.Expression);
        }

        return new SelectPlan
        {
            Statement = statement,
            Measurements = measurements,
            ColumnNames = NamesOf(fields),
            Columns = [.. fields.Select(field => WithSlots(field.Expression))],
            Names = _names,
            Calls = _calls,
            Dimensions = [],
            GroupTags = [],
            Range = default,
            Now = 0,
            Condition = null,
        };
    }

    private void Collect(Expression expression)
    {
        switch (expression)
        {
            case NameExpression name when !_names.Contains(name):
                _names.Add(name);
                break;
            case CallExpression call when ExpressionText.Of(call) is var text && !_callTexts.Contains(text):
                _calls.Add(_reading.Require(call));
                _callTexts.Add(text);
                break;
            case MathExpression math:
                foreach (Expression argument in math.Arguments)
                {
                    Collect(argument);
                }

                break;
            case BinaryExpression both:
                Collect(both.Left);
                Collect(both.Right);
                break;
        }
    }

    private Expression WithSlots(Expression expression) => expression switch
    {
        NameExpression name => new SlotExpression(_names.IndexOf(name)),
        CallExpression call => new SlotExpression(_names.Count + _callTexts.IndexOf(ExpressionText.Of(call))),
        MathExpression math => math with { Arguments = [.. math.Arguments.Select(WithSlots)] },
        BinaryExpression both => both with { Left = WithSlots(both.Left), Right = WithSlots(both.Right) },
        _ => expression,
    };

    /// <summary>Aliases first, then generated names with <c>_1</c>, <c>_2</c>… where they would repeat.</summary>
    private static List<string> NamesOf(List<SelectField> fields)
    {
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SelectField field in fields.Where(field => field.Alias.Length > 0))
        {
            taken[field.Alias] = 1;
        }

        var names = new List<string> { "time" };
        foreach (SelectField field in fields)
        {
            names.Add(field.Alias.Length > 0
                ? field.Alias
                : Unrepeated(ExpressionText.NameOf(field.Expression), taken));
        }

        return names;
    }

    private static string Unrepeated(string name, Dictionary<string, int> taken)
    {
        if (!taken.TryGetValue(name, out int count))
        {
            taken[name] = 1;
            return name;
        }

        while (taken.ContainsKey($"{name}_{count}"))
        {
            count++;
        }

        string free = $"{name}_{count}";
        taken[name] = count + 1;
        taken[free] = 1;
        return free;
    }
}
