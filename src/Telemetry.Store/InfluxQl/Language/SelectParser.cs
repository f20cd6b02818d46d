using System.Globalization;

namespace Telemetry.Store.InfluxQl;

/// <summary>Reads a SELECT statement after its first word.</summary>
internal sealed class SelectParser(TokenReader tokens, ExpressionParser expressions, SourceParser sources)
{
    private const int DepthMax = 20; // sub-queries in sub-queries; people write two or three
    private string? _refusal;
    private int _depth;

    /// <summary>Reads a statement; one that is understood but not done here becomes its refusal.</summary>
    public Statement Parse()
    {
        (_refusal, _depth) = (null, 0);
        SelectStatement statement = ParseSelect();
        return _refusal is null ? statement : new RefusedStatement(_refusal);
    }

    /// <summary>Reads <c>fields FROM sources [WHERE] [GROUP BY] [fill] [ORDER BY] [LIMIT …] [tz]</c>.</summary>
    private SelectStatement ParseSelect()
    {
        List<SelectField> fields = ParseFields();
        if (tokens.Peek.IsKeyword("INTO"))
        {
            Refuse("SELECT … INTO is not supported: queries read; write points by /write or MQTT");
        }
        else
        {
            tokens.RequireKeyword("FROM");
        }

        (IReadOnlyList<Source> from, IReadOnlyList<SelectStatement> inner) = ParseSources();
        Expression? condition = tokens.TryTakeKeyword("WHERE") ? expressions.ParseCondition() : null;
        Grouping grouping = ParseGrouping();
        (FillKind fill, double fillNumber) = ParseFill();
        bool isOrdered = tokens.Peek.IsKeyword("ORDER");
        return new SelectStatement
        {
            Fields = fields,
            Sources = from,
            SubQueries = inner,
            Condition = condition,
            Grouping = grouping,
            Fill = fill,
            FillNumber = fillNumber,
            IsOrdered = isOrdered,
            Descending = ParseOrder(),
            Rows = new Page(ParseCount("LIMIT"), ParseCount("OFFSET")),
            Series = new Page(ParseCount("SLIMIT"), ParseCount("SOFFSET")),
            Zone = ParseZone(),
        };
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

    private (IReadOnlyList<Source> Measurements, IReadOnlyList<SelectStatement> SubQueries) ParseSources()
    {
        if (_refusal is not null)
        {
            return ([], []);
        }

        var measurements = new List<Source>();
        var subQueries = new List<SelectStatement>();
        do
        {
            if (tokens.TryTakeSymbol("("))
            {
                subQueries.Add(ParseSubQuery());
            }
            else
            {
                measurements.Add(sources.ParseOne());
            }
        }
        while (tokens.TryTakeSymbol(","));

        if (measurements.Count > 0 && subQueries.Count > 0)
        {
            Refuse("a measurement beside a sub-query is not supported: select from it in a sub-query of its own");
        }

        return (measurements, subQueries);
    }

    private SelectStatement ParseSubQuery()
    {
        if (++_depth > DepthMax)
        {
            throw new QueryRefusedException(
                $"cannot read the query: sub-queries nest deeper than {DepthMax} levels; ask in steps");
        }

        tokens.RequireKeyword("SELECT");
        SelectStatement inner = ParseSelect();
        if (_refusal is null)
        {
            tokens.RequireSymbol(")");
        }

        _depth--;
        return inner;
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

    /// <summary>Reads <c>tz('name')</c>; zones are those of the machine.</summary>
    private TimeZoneInfo? ParseZone()
    {
        bool present = tokens.Peek is { Kind: TokenKind.Identifier, IsQuoted: false } word
            && word.Text.Equals("tz", StringComparison.OrdinalIgnoreCase);
        if (!present)
        {
            return null;
        }

        tokens.Take();
        tokens.RequireSymbol("(");
        if (tokens.Peek.Kind != TokenKind.Text)
        {
            throw new QueryRefusedException("expected string argument in tz()");
        }

        TimeZoneInfo zone = TimeZones.Require(tokens.Take().Text);
        tokens.RequireSymbol(")");
        return zone;
    }

    private int ParseCount(string word) => tokens.TryTakeKeyword(word) ? tokens.RequireCount() : 0;

    /// <summary>Keeps the first reason and lets the rest of the statement pass unread.</summary>
    private void Refuse(string reason)
    {
        _refusal ??= reason;
        tokens.SkipStatement();
    }
}
