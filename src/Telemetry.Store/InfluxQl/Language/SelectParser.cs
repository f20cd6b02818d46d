using System.Globalization;

namespace Telemetry.Store.InfluxQl;

/// <summary>Reads a SELECT statement after its first word.</summary>
internal sealed class SelectParser(TokenReader tokens, ExpressionParser expressions, SourceParser sources)
{
    private string? _refusal;

    /// <summary>Reads <c>fields FROM sources [WHERE] [GROUP BY] [fill] [ORDER BY] [LIMIT …] [tz]</c>.</summary>
    public Statement Parse()
    {
        _refusal = null;
        List<SelectField> fields = ParseFields();
        if (tokens.Peek.IsKeyword("INTO"))
        {
            Refuse("SELECT … INTO is not supported: queries read; write points by /write or MQTT");
        }
        else
        {
            tokens.RequireKeyword("FROM");
        }

        IReadOnlyList<Source> from = ParseSources();
        Expression? condition = tokens.TryTakeKeyword("WHERE") ? expressions.ParseCondition() : null;
        Grouping grouping = ParseGrouping();
        (FillKind fill, double fillNumber) = ParseFill();
        bool descending = ParseOrder();
        var statement = new SelectStatement
        {
            Fields = fields,
            Sources = from,
            Condition = condition,
            Grouping = grouping,
            Fill = fill,
            FillNumber = fillNumber,
            Descending = descending,
            Rows = new Page(ParseCount("LIMIT"), ParseCount("OFFSET")),
            Series = new Page(ParseCount("SLIMIT"), ParseCount("SOFFSET")),
        };
        if (tokens.Peek is { Kind: TokenKind.Identifier, IsQuoted: false } zone
            && zone.Text.Equals("tz", StringComparison.OrdinalIgnoreCase))
        {
            Refuse("tz() is not supported: windows and times are UTC; shift windows by GROUP BY time(1d, -8h)");
        }

        return _refusal is null ? statement : new RefusedStatement(_refusal);
    }

    private List<SelectField> ParseFields()
    {
        var fields = new List<SelectField>();
        do
        {
            Token first = tokens.Peek;
            Expression expression = expressions.ParseColumn();
            RequireArithmetic(expression, first);
            string alias = tokens.TryTakeKeyword("AS") ? tokens.RequireIdentifier() : "";
            fields.Add(new SelectField(expression, alias));
        }
        while (tokens.TryTakeSymbol(","));
        return fields;
    }

    private void RequireArithmetic(Expression expression, in Token first)
    {
        if (expression is not BinaryExpression both)
        {
            return;
        }

        if (Operators.IsLogical(both.Operator) || Operators.IsComparison(both.Operator))
        {
            (int line, int character) = tokens.PlaceOf(first);
            throw new QueryRefusedException(
                $"invalid operator {Operators.TextOf(both.Operator)} in SELECT clause at line {line}, "
                + $"char {character}; operator is intended for WHERE clause");
        }

        RequireArithmetic(both.Left, first);
        RequireArithmetic(both.Right, first);
    }

    private IReadOnlyList<Source> ParseSources()
    {
        if (_refusal is not null)
        {
            return [];
        }

        if (tokens.Peek.IsSymbol("("))
        {
            Refuse("sub-queries are not supported: ask for the inner query and reduce its answer");
            return [];
        }

        return sources.ParseList();
    }

    private Grouping ParseGrouping()
    {
        var grouping = new Grouping();
        if (!tokens.TryTakeKeyword("GROUP"))
        {
            return grouping;
        }

        tokens.RequireKeyword("BY");
        do
        {
            AddDimension(grouping, expressions.ParseColumn());
        }
        while (tokens.TryTakeSymbol(","));
        return grouping;
    }

    private void AddDimension(Grouping grouping, Expression dimension)
    {
        switch (dimension)
        {
            case NameExpression { Kind: not NameKind.Field } tag:
                grouping.Tags.Add(tag.Name);
                break;
            case WildcardExpression:
                grouping.AllTags = true;
                break;
            case RegexExpression regex:
                grouping.Patterns.Add(regex.Pattern);
                break;
            case CallExpression { Function: "time" } time:
                SetTimeGrouping(grouping, time);
                break;
            case CallExpression:
                Refuse("only time() calls allowed in dimensions");
                break;
            default:
                Refuse("only time and tag dimensions allowed");
                break;
        }
    }

    private void SetTimeGrouping(Grouping grouping, CallExpression call)
    {
        if (grouping.Time is not null)
        {
            Refuse("multiple time dimensions not allowed");
        }
        else if (call.Arguments.Count is not (1 or 2))
        {
            Refuse("time dimension expected 1 or 2 arguments");
        }
        else if (call.Arguments[0] is not DurationExpression { Nanoseconds: > 0 } interval)
        {
            Refuse("time dimension must have duration argument");
        }
        else if (call.Arguments.Count == 1)
        {
            grouping.Time = new TimeGrouping(interval.Nanoseconds, 0);
        }
        else if (call.Arguments[1] is DurationExpression offset)
        {
            grouping.Time = new TimeGrouping(interval.Nanoseconds, offset.Nanoseconds % interval.Nanoseconds);
        }
        else
        {
            Refuse("time dimension offset must be duration or now()");
        }
    }

    private (FillKind Kind, double Number) ParseFill()
    {
        bool present = tokens.Peek is { Kind: TokenKind.Identifier, IsQuoted: false } word
            && word.Text.Equals("fill", StringComparison.OrdinalIgnoreCase);
        if (!present)
        {
            return (FillKind.Null, 0);
        }

        tokens.Take();
        tokens.RequireSymbol("(");
        bool negative = tokens.TryTakeSymbol("-");
        Token option = tokens.Take();
        tokens.RequireSymbol(")");
        if (option.Kind is TokenKind.Integer or TokenKind.Number)
        {
            double number = double.Parse(option.Text, CultureInfo.InvariantCulture);
            return (FillKind.Number, negative ? -number : number);
        }

        return option.Text switch
        {
            "null" => (FillKind.Null, 0),
            "none" => (FillKind.None, 0),
            "previous" => (FillKind.Previous, 0),
            "linear" => (FillKind.Linear, 0),
            _ => throw new QueryRefusedException("expected number argument in fill()"),
        };
    }

    private bool ParseOrder()
    {
        if (!tokens.TryTakeKeyword("ORDER"))
        {
            return false;
        }

        tokens.RequireKeyword("BY");
        if (tokens.Peek.Kind == TokenKind.Identifier)
        {
            string by = tokens.Take().Text;
            if (by != "time")
            {
                throw new QueryRefusedException("only ORDER BY time supported at this time");
            }
        }

        else if (!tokens.Peek.IsKeyword("ASC") && !tokens.Peek.IsKeyword("DESC"))
        {
            tokens.Refuse("identifier", "ASC", "DESC");
        }

        bool descending = tokens.TryTakeKeyword("DESC");
        _ = descending || tokens.TryTakeKeyword("ASC");

        return descending;
    }

    private int ParseCount(string word) => tokens.TryTakeKeyword(word) ? tokens.RequireCount() : 0;

    /// <summary>Keeps the first reason and lets the rest of the statement pass unread.</summary>
    private void Refuse(string reason)
    {
        _refusal ??= reason;
        tokens.SkipStatement();
    }
}
