using System.Globalization;
using System.Text.RegularExpressions;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Reads expressions: <c>operand { operator operand }</c>, joined by the operators' precedence, equal ones from the
/// left.
/// </summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private const int DepthMax = 200; // parentheses; far beyond what people and programs write
    private static readonly Dictionary<string, FieldType> Casts =
        Enum.GetValues<FieldType>().ToDictionary(FieldTypeNames.Of, StringComparer.OrdinalIgnoreCase);

    private static readonly TimeSpan MatchTimeMax = TimeSpan.FromSeconds(1);
    private int _depth;

    private bool _takesPatterns;

    /// <summary>Reads a condition, where a pattern stands only after <c>=~</c> and <c>!~</c>.</summary>
    public Expression ParseCondition()
    {
        _takesPatterns = false;
        return Parse();
    }

    /// <summary>Reads an expression of a field list or of GROUP BY, where a pattern stands for names.</summary>
    public Expression ParseColumn()
    {
        _takesPatterns = true;
        return Parse();
    }

    private Expression Parse()
    {
        if (++_depth > DepthMax)
        {
            throw new QueryRefusedException(
                $"cannot read the expression: it nests deeper than {DepthMax} levels; use fewer parentheses");
        }

        Expression whole = ParseBinary(precedenceMin: 1);
        _depth--;
        return whole;
    }

    /// <summary>Compiles a regular expression with a ceiling on the time of one match.</summary>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeMax);
        }
        catch (ArgumentException fault)
        {
            throw new QueryRefusedException($"error parsing regexp: {fault.Message}");
        }
    }

    private Expression ParseBinary(int precedenceMin)
    {
        Expression left = ParseOperand();
        while (Operators.TryRead(tokens.Peek, out Operator operation)
            && Operators.PrecedenceOf(operation) >= precedenceMin)
        {
            tokens.Take();
            Expression right = operation is Operator.Matches or Operator.MatchesNot
                ? RequireRegex()
                : ParseBinary(Operators.PrecedenceOf(operation) + 1);
            left = new BinaryExpression(operation, left, right);
        }

        return left;
    }

    private RegexExpression RequireRegex()
    {
        if (!tokens.TryTakeRegex(out Token regex))
        {
            tokens.Refuse("regex");
        }

        return new RegexExpression(Compile(regex.Text));
    }

    private Expression ParseOperand()
    {
        Token token = tokens.Peek;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                tokens.Take();
                return tokens.Peek.IsSymbol("(") && !token.IsQuoted ? ParseCall(token.Text) : ParseName(token.Text);
            case TokenKind.Text:
                return new ConstantExpression(Value.Of(tokens.Take().Text));
            case TokenKind.Integer or TokenKind.Number:
                return new ConstantExpression(NumberOf(tokens.Take(), negate: false));
            case TokenKind.Duration:
                return new DurationExpression(DurationOf(tokens.Take()));
            case TokenKind.Keyword:
                return ParseKeyword();
            default:
                return ParseSymbol();
        }
    }

    private Expression ParseKeyword()
    {
        if (tokens.TryTakeKeyword("TRUE"))
        {
            return new ConstantExpression(Value.True);
        }

        if (tokens.TryTakeKeyword("FALSE"))
        {
            return new ConstantExpression(Value.False);
        }

        if (tokens.TryTakeKeyword("DISTINCT"))
        {
            return tokens.Peek.IsSymbol("(")
                ? ParseCall("distinct")
                : new CallExpression("distinct", [ParseName(tokens.RequireIdentifier())]);
        }

        tokens.Refuse("identifier", "string", "number", "bool");
        return null;
    }

    private Expression ParseSymbol()
    {
        if (tokens.TryTakeSymbol("("))
        {
            Expression inner = Parse();
            tokens.RequireSymbol(")");
            return inner;
        }

        if (tokens.TryTakeSymbol("*"))
        {
            return new WildcardExpression(ParseKind());
        }

        if (_takesPatterns && tokens.TryTakeRegex(out Token regex))
        {
            return new RegexExpression(Compile(regex.Text));
        }

        if (tokens.TryTakeSymbol("+"))
        {
            return ParseOperand();
        }

        if (tokens.TryTakeSymbol("-"))
        {
            return ParseNegated();
        }

        tokens.Refuse("identifier", "string", "number", "bool");
        return null;
    }

    /// <summary>A sign belongs to the literal after it; before anything else it multiplies by −1.</summary>
    private Expression ParseNegated() => tokens.Peek.Kind switch
    {
        TokenKind.Integer or TokenKind.Number => new ConstantExpression(NumberOf(tokens.Take(), negate: true)),
        TokenKind.Duration => new DurationExpression(-DurationOf(tokens.Take())),
        _ => new BinaryExpression(Operator.Multiply, new ConstantExpression(Value.Of(-1L)), ParseOperand()),
    };

    private Expression ParseCall(string name)
    {
        tokens.RequireSymbol("(");
        var arguments = new List<Expression>();
        if (!tokens.TryTakeSymbol(")"))
        {
            do
            {
                arguments.Add(Parse());
            }
            while (tokens.TryTakeSymbol(","));
            tokens.RequireSymbol(")");
        }

        string function = name.ToLowerInvariant();
        if (MathFunctions.TryRead(function, out MathFunction math))
        {
            return new MathExpression(math, arguments);
        }

        return SampleAspects.TryRead(function, out SampleAspect aspect)
            ? AspectOf(function, aspect, arguments)
            : new CallExpression(function, arguments);
    }

    private static Expression AspectOf(string function, SampleAspect aspect, List<Expression> arguments) =>
        arguments switch
        {
            [NameExpression { Kind: not NameKind.Tag, Aspect: SampleAspect.Value } name] =>
                new NameExpression(name.Name, NameKind.Field, aspect),
            [WildcardExpression or RegexExpression] => new CallExpression(function, arguments),
            _ => throw new QueryRefusedException($"expected field argument in {function}()"),
        };

    private NameExpression ParseName(string name)
    {
        while (tokens.TryTakeSymbol("."))
        {
            name = $"{name}.{tokens.RequireIdentifier()}";
        }

        if (!tokens.Peek.IsSymbol("::"))
        {
            return new NameExpression(name);
        }

        tokens.Take();
        Token type = tokens.Peek;
        if (type.Kind != TokenKind.Identifier || !Casts.TryGetValue(type.Text, out FieldType cast))
        {
            return new NameExpression(name, RequireKind("float", "integer", "unsigned", "string", "boolean"));
        }

        tokens.Take();
        return new NameExpression(name, NameKind.Field, Cast: cast);
    }

    private NameKind ParseKind()
    {
        return tokens.TryTakeSymbol("::") ? RequireKind() : NameKind.Any;
    }

    private NameKind RequireKind(params string[] others)
    {
        if (tokens.TryTakeKeyword("FIELD"))
        {
            return NameKind.Field;
        }

        if (tokens.TryTakeKeyword("TAG"))
        {
            return NameKind.Tag;
        }

        tokens.Refuse([.. others, "field", "tag"]);
        return default;
    }

    private static Value NumberOf(in Token token, bool negate)
    {
        string text = negate ? "-" + token.Text : token.Text;
        return token.Kind == TokenKind.Integer && long.TryParse(text, CultureInfo.InvariantCulture, out long whole)
            ? Value.Of(whole)
            : Value.Of(double.Parse(text, CultureInfo.InvariantCulture));
    }

    private static long DurationOf(in Token token) =>
        Duration.TryParse(token.Text, out long nanoseconds)
            ? nanoseconds
            : throw new QueryRefusedException("invalid duration");
}
