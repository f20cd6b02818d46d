using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>A state of a field: the values that compare so with a constant, each until the next one.</summary>
/// <param name="Operator">How they compare.</param>
/// <param name="Right">The constant or pattern that they are compared with.</param>
/// <param name="Longest">How long a value lasts at most without another one, in nanoseconds.</param>
internal sealed record StateCondition(Operator Operator, Expression Right, long Longest)
{
    private readonly BinaryExpression _comparison = new(Operator, new SlotExpression(0), Right);

    /// <summary>True for what can tell states.</summary>
    public static bool Takes(Operator operation) =>
        Operators.IsComparison(operation) || operation is Operator.Matches or Operator.MatchesNot;

    /// <summary>True when a value is in the state.</summary>
    public bool Holds(in Value value) => Evaluation.Of(_comparison, new ReadOnlySpan<Value>(in value)).IsTrue;

    /// <summary>Whether all numbers between two are in the state, or none; null when some may be.</summary>
    public bool? HoldsBetween(in Value least, in Value greatest)
    {
        bool ofLeast = Holds(least);
        bool isInside = Operator is Operator.Equal or Operator.NotEqual && Right is ConstantExpression constant
            && least.AsFloat < constant.Value.AsFloat && constant.Value.AsFloat < greatest.AsFloat;
        return ofLeast == Holds(greatest) && !isInside ? ofLeast : null;
    }

    /// <summary>Refuses to compare a field with what it never has.</summary>
    public void RequireType(string fieldName, FieldType type)
    {
        bool isOrdered = Operator is not (Operator.Equal or Operator.NotEqual);
        bool isPossible = type switch
        {
            FieldType.String => Right is RegexExpression
                || (!isOrdered && Right is ConstantExpression { Value.Kind: ValueKind.Text }),
            FieldType.Boolean => !isOrdered && Right is ConstantExpression { Value.Kind: ValueKind.Boolean },
            _ => Right is ConstantExpression { Value.IsNumber: true },
        };
        if (!isPossible)
        {
            string expected = type switch
            {
                FieldType.String => "= or != and a text, or =~ or !~ and a pattern",
                FieldType.Boolean => "= or != and true or false",
                _ => "a number",
            };
            throw new QueryRefusedException(
                $"time_in_state() cannot compare {fieldName} {Operators.TextOf(Operator)} {ExpressionText.Of(Right)}: "
                + $"it is of type {FieldTypeNames.Of(type)}; expected {expected}");
        }
    }
}
