using System.Text.RegularExpressions;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>An expression of a query.</summary>
internal abstract record Expression;

/// <summary>What a name is said to be by a cast (<c>name::field</c>).</summary>
internal enum NameKind : byte
{
    Any,
    Field,
    Tag,
}

/// <summary>The name of a field or a tag, or a function that asks where a field's value comes from.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">Whether a field or a tag is meant.</param>
/// <param name="Aspect">What of the field.</param>
/// <param name="Cast">The type it is given in (<c>name::float</c>); null for the one it is stored in.</param>
internal sealed record NameExpression(
    string Name, NameKind Kind = NameKind.Any, SampleAspect Aspect = SampleAspect.Value, FieldType? Cast = null)
    : Expression;

/// <summary>All fields, all tags or both.</summary>
internal sealed record WildcardExpression(NameKind Kind = NameKind.Any) : Expression;

/// <summary>A regular expression: over names in a field list, over values in a condition.</summary>
internal sealed record RegexExpression(Regex Pattern) : Expression;

/// <summary>A number, text, boolean.</summary>
internal sealed record ConstantExpression(Value Value) : Expression;

/// <summary>A span of time in nanoseconds.</summary>
internal sealed record DurationExpression(long Nanoseconds) : Expression;

/// <summary>A call of a function; names are in lower case.</summary>
internal sealed record CallExpression(string Function, IReadOnlyList<Expression> Arguments) : Expression;

/// <summary>A function of values of the same row.</summary>
internal sealed record MathExpression(MathFunction Function, IReadOnlyList<Expression> Arguments) : Expression;

/// <summary>Two operands and what joins them.</summary>
internal sealed record BinaryExpression(Operator Operator, Expression Left, Expression Right) : Expression;

/// <summary>A place in a row, which a name was resolved to.</summary>
internal sealed record SlotExpression(int Index) : Expression;

/// <summary>The operators in InfluxQL's order of binding.</summary>
internal enum Operator : byte
{
    Or,
    And,
    Equal,
    NotEqual,
    Matches,
    MatchesNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    BitwiseOr,
    BitwiseXor,
    Multiply,
    Divide,
    Modulo,
    BitwiseAnd,
}

/// <summary>How operators are written and how tightly they bind.</summary>
internal static class Operators
{
    /// <summary>The operator a token stands for.</summary>
    public static bool TryRead(in Token token, out Operator result)
    {
        (bool found, result) = token.Kind is TokenKind.Symbol or TokenKind.Keyword
            ? token.Text switch
            {
                "OR" => (true, Operator.Or),
                "AND" => (true, Operator.And),
                "=" => (true, Operator.Equal),
                "!=" => (true, Operator.NotEqual),
                "=~" => (true, Operator.Matches),
                "!~" => (true, Operator.MatchesNot),
                "<" => (true, Operator.Less),
                "<=" => (true, Operator.LessOrEqual),
                ">" => (true, Operator.Greater),
                ">=" => (true, Operator.GreaterOrEqual),
                "+" => (true, Operator.Add),
                "-" => (true, Operator.Subtract),
                "|" => (true, Operator.BitwiseOr),
                "^" => (true, Operator.BitwiseXor),
                "*" => (true, Operator.Multiply),
                "/" => (true, Operator.Divide),
                "%" => (true, Operator.Modulo),
                "&" => (true, Operator.BitwiseAnd),
                _ => (false, default),
            }
            : (false, default);
        return found;
    }

    /// <summary>The operator as a query writes it.</summary>
    public static string TextOf(Operator operation) => operation switch
    {
        Operator.Or => "OR",
        Operator.And => "AND",
        Operator.Equal => "=",
        Operator.NotEqual => "!=",
        Operator.Matches => "=~",
        Operator.MatchesNot => "!~",
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        Operator.GreaterOrEqual => ">=",
        _ => operation.ToString(),
    };

    /// <summary>How tightly it binds; greater binds first.</summary>
    public static int PrecedenceOf(Operator operation) => operation switch
    {
        Operator.Or => 1,
        Operator.And => 2,
        >= Operator.Equal and <= Operator.GreaterOrEqual => 3,
        >= Operator.Add and <= Operator.BitwiseXor => 4,
        _ => 5,
    };

    /// <summary>True for AND and OR.</summary>
    public static bool IsLogical(Operator operation) => operation is Operator.Or or Operator.And;

    /// <summary>True for what compares two values.</summary>
    public static bool IsComparison(Operator operation) =>
        operation is >= Operator.Equal and <= Operator.GreaterOrEqual;
}
