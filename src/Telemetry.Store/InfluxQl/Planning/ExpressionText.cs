using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>Expressions in words: for error texts, for column names, and to tell equal calls.</summary>
internal static class ExpressionText
{
    /// <summary>The expression as a query would write it.</summary>
    public static string Of(Expression expression) => expression switch
    {
        NameExpression { Aspect: not SampleAspect.Value } name => $"{NameOf(name)}({name.Name})",
        NameExpression { Cast: { } cast } name => $"{name.Name}::{FieldTypeNames.Of(cast)}",
        NameExpression name => name.Name,
        WildcardExpression => "*",
        RegexExpression regex => $"/{regex.Pattern}/",
        DurationExpression duration => duration.Nanoseconds.ToString(CultureInfo.InvariantCulture) + "ns",
        ConstantExpression { Value.Kind: ValueKind.Text } text => $"'{text.Value.Text}'",
        ConstantExpression constant => Convert.ToString(constant.Value.ToObject(), CultureInfo.InvariantCulture) ?? "",
        CallExpression call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Of))})",
        MathExpression math =>
            $"{MathFunctions.NameOf(math.Function)}({string.Join(", ", math.Arguments.Select(Of))})",
        BinaryExpression both => $"{Of(both.Left)} {Operators.TextOf(both.Operator)} {Of(both.Right)}",
        _ => "",
    };

    /// <summary>The name InfluxDB gives a column: the names and functions in it, joined.</summary>
    public static string NameOf(Expression expression) => expression switch
    {
        NameExpression { Aspect: not SampleAspect.Value } name => SampleAspects.NameOf(name.Aspect),
        NameExpression name => name.Name,
        CallExpression call => call.Function,
        MathExpression math => MathFunctions.NameOf(math.Function),
        BinaryExpression both => string.Join(
            '_', new[] { NameOf(both.Left), NameOf(both.Right) }.Where(part => part.Length > 0)),
        _ => "",
    };

    /// <summary>What InfluxDB calls the kind of an expression in its error texts.</summary>
    public static string TypeOf(Expression expression) => expression switch
    {
        NameExpression => "*influxql.VarRef",
        ConstantExpression { Value.Kind: ValueKind.Text } => "*influxql.StringLiteral",
        ConstantExpression { Value.Kind: ValueKind.Boolean } => "*influxql.BooleanLiteral",
        CallExpression or MathExpression => "*influxql.Call",
        ConstantExpression { Value.Kind: ValueKind.Integer } => "*influxql.IntegerLiteral",
        ConstantExpression => "*influxql.NumberLiteral",
        DurationExpression => "*influxql.DurationLiteral",
        RegexExpression => "*influxql.RegexLiteral",
        _ => "*influxql.BinaryExpr",
    };
}
