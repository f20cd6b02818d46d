using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>The kinds of value that the columns of a plan give, known before anything is read.</summary>
/// <param name="plan">The plan.</param>
/// <param name="measurement">The measurement it is run over.</param>
internal sealed class ExpressionKinds(SelectPlan plan, MeasurementEntry measurement)
{
    /// <summary>The kind of a column; none where it has no values.</summary>
    public ValueKind Of(Expression column) => column switch
    {
        SlotExpression slot when slot.Index < plan.Names.Count => OfName(plan.Names[slot.Index]),
        SlotExpression slot => OfCall(plan.Calls[slot.Index - plan.Names.Count]),
        ConstantExpression constant => constant.Value.Kind,
        DurationExpression => ValueKind.Integer,
        MathExpression math => Of(math.Arguments[0]) is ValueKind.None ? ValueKind.None
            : MathFunctions.KeepsType(math.Function) ? Of(math.Arguments[0]) : ValueKind.Float,
        BinaryExpression both => Joined(both.Operator, Of(both.Left), Of(both.Right)),
        _ => ValueKind.None,
    };

    private ValueKind OfName(NameExpression name)
    {
        if (name.Aspect != SampleAspect.Value)
        {
            return SampleAspects.IsWhole(name.Aspect) ? ValueKind.Integer
                : name.Aspect == SampleAspect.Original ? OfField(name.Name) : ValueKind.Text;
        }

        bool isField = name.Kind != NameKind.Tag && measurement.Fields.ContainsKey(name.Name);
        return name.Cast is { } cast ? Value.KindOf(cast)
            : isField ? OfField(name.Name)
            : name.Kind != NameKind.Field && measurement.TagKeys.Contains(name.Name) ? ValueKind.Text
            : ValueKind.None;
    }

    private ValueKind OfField(string name) =>
        measurement.Fields.TryGetValue(name, out FieldType type) ? Value.KindOf(type) : ValueKind.None;

    private ValueKind OfCall(AggregateCall call) =>
        measurement.Fields.TryGetValue(call.FieldName, out FieldType type) ? call.KindOver(type) : ValueKind.None;

    private static ValueKind Joined(Operator operation, ValueKind left, ValueKind right)
    {
        if (left == ValueKind.None || right == ValueKind.None)
        {
            return ValueKind.None;
        }

        return left == right && left != ValueKind.Unsigned && operation != Operator.Divide ? left : ValueKind.Float;
    }
}
