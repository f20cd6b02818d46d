namespace Telemetry.Store.InfluxQl;

/// <summary>Reads a SHOW statement after its first word.</summary>
internal sealed class ShowParser(TokenReader tokens, ExpressionParser expressions, SourceParser sources)
{
    private static readonly string[] Subjects =
    [
        "CONTINUOUS", "DATABASES", "DIAGNOSTICS", "FIELD", "GRANTS", "MEASUREMENT", "MEASUREMENTS", "QUERIES",
        "RETENTION", "SERIES", "SHARD", "SHARDS", "STATS", "SUBSCRIPTIONS", "TAG", "USERS",
    ];

    /// <summary>Reads what is to be shown and its clauses.</summary>
    public Statement Parse()
    {
        Token subject = tokens.Peek;
        if (subject.Kind != TokenKind.Keyword || !Subjects.Contains(subject.Text))
        {
            tokens.Refuse(Subjects);
        }

        tokens.Take();
        return subject.Text switch
        {
            "DATABASES" => new ShowStatement(ShowKind.Databases),
            "MEASUREMENTS" => ParseMeasurements(),
            "TAG" => ParseTag(),
            "FIELD" => ParseField(),
            "MEASUREMENT" => ParseMeasurementCardinality(),
            "SERIES" => ParseClauses(ShowKind.Series, ParseForm(), keyCondition: false),
            "RETENTION" => ParseRetentionPolicies(),
            "CONTINUOUS" => ParseContinuousQueries(),
            "SUBSCRIPTIONS" => new ShowStatement(ShowKind.Subscriptions),
            "USERS" => new ShowStatement(ShowKind.Users),
            _ => ParseRefused(subject.Text),
        };
    }

    private RefusedStatement ParseRefused(string subject)
    {
        tokens.SkipStatement();
        return new RefusedStatement(
            $"SHOW {subject} is not supported: the store's state is at /health, /limits and /metrics");
    }

    /// <summary>Reads <c>[EXACT] CARDINALITY</c>; counts here are always exact.</summary>
    private ShowForm ParseForm()
    {
        bool isExact = tokens.TryTakeKeyword("EXACT");
        if (tokens.TryTakeKeyword("CARDINALITY"))
        {
            return isExact ? ShowForm.Count : ShowForm.Total;
        }

        return ShowForm.List;
    }

    private ShowForm RequireCount()
    {
        if (ParseForm() == ShowForm.List)
        {
            tokens.Refuse("EXACT", "CARDINALITY");
        }

        return ShowForm.Count;
    }

    private ShowStatement ParseMeasurementCardinality()
    {
        ShowForm form = ParseForm();
        if (form == ShowForm.List)
        {
            tokens.Refuse("EXACT", "CARDINALITY");
        }

        return ParseClauses(ShowKind.Measurements, form, keyCondition: false);
    }

    private ShowStatement ParseContinuousQueries()
    {
        tokens.RequireKeyword("QUERIES");
        return new ShowStatement(ShowKind.ContinuousQueries);
    }

    private ShowStatement ParseMeasurements()
    {
        string database = sources.ParseOptionalOn();
        Source? named = null;
        if (tokens.TryTakeKeyword("WITH"))
        {
            tokens.RequireKeyword("MEASUREMENT");
            named = ParseNamed();
        }

        return new ShowStatement(ShowKind.Measurements)
        {
            Database = database,
            Sources = named is null ? [] : [named],
            Condition = ParseCondition(),
            Rows = ParsePage(),
        };
    }

    private Source ParseNamed()
    {
        if (tokens.TryTakeSymbol("="))
        {
            return new Source("", "", tokens.RequireIdentifier(), null);
        }

        if (!tokens.TryTakeSymbol("=~"))
        {
            tokens.Refuse("=", "=~");
        }

        if (!tokens.TryTakeRegex(out Token regex))
        {
            tokens.Refuse("regex");
        }

        return new Source("", "", "", ExpressionParser.Compile(regex.Text));
    }

    private ShowStatement ParseTag()
    {
        if (tokens.TryTakeKeyword("KEYS"))
        {
            return ParseClauses(ShowKind.TagKeys, ShowForm.List, keyCondition: false);
        }

        if (tokens.TryTakeKeyword("VALUES"))
        {
            ShowForm form = ParseForm() == ShowForm.List ? ShowForm.List : ShowForm.Count;
            return ParseClauses(ShowKind.TagValues, form, keyCondition: true);
        }

        if (!tokens.TryTakeKeyword("KEY"))
        {
            tokens.Refuse("KEY", "KEYS", "VALUES");
        }

        return ParseClauses(ShowKind.TagKeys, RequireCount(), keyCondition: false);
    }

    private ShowStatement ParseField()
    {
        if (tokens.TryTakeKeyword("KEYS"))
        {
            return ParseClauses(ShowKind.FieldKeys, ShowForm.List, keyCondition: false);
        }

        if (!tokens.TryTakeKeyword("KEY"))
        {
            tokens.Refuse("KEY", "KEYS");
        }

        return ParseClauses(ShowKind.FieldKeys, RequireCount(), keyCondition: false);
    }

    private ShowStatement ParseRetentionPolicies()
    {
        tokens.RequireKeyword("POLICIES");
        return new ShowStatement(ShowKind.RetentionPolicies) { Database = sources.ParseOptionalOn() };
    }

    /// <summary>Reads <c>[ON db] [FROM …] [WITH KEY …] [WHERE …] [ORDER BY …] [LIMIT] [OFFSET]</c>.</summary>
    private ShowStatement ParseClauses(ShowKind kind, ShowForm form, bool keyCondition)
    {
        var statement = new ShowStatement(kind)
        {
            Database = sources.ParseOptionalOn(),
            Sources = sources.ParseOptionalFrom(),
            KeyCondition = keyCondition ? ParseKeyCondition() : null,
            Condition = ParseCondition(),
            Rows = ParsePage(),
            Form = form,
        };

        // A total is of the whole database; what narrows it is counted per measurement.
        bool isNarrowed = statement.Sources.Count > 0 || statement.Condition is not null || statement.Rows != default;
        return form == ShowForm.Total && isNarrowed ? statement with { Form = ShowForm.Count } : statement;
    }

    /// <summary>Reads <c>WITH KEY = k | != k | IN (k, …) | =~ /…/ | !~ /…/</c> into a condition on one slot.</summary>
    private BinaryExpression ParseKeyCondition()
    {
        tokens.RequireKeyword("WITH");
        tokens.RequireKeyword("KEY");
        var key = new SlotExpression(0);
        if (tokens.TryTakeKeyword("IN"))
        {
            return ParseKeyList(key);
        }

        if (!Operators.TryRead(tokens.Peek, out Operator operation)
            || operation is not (Operator.Equal or Operator.NotEqual or Operator.Matches or Operator.MatchesNot))
        {
            tokens.Refuse("IN", "=", "=~");
        }

        tokens.Take();
        if (operation is Operator.Equal or Operator.NotEqual)
        {
            return new BinaryExpression(
                operation, key, new ConstantExpression(Value.Of(tokens.RequireIdentifier())));
        }

        if (!tokens.TryTakeRegex(out Token regex))
        {
            tokens.Refuse("regex");
        }

        return new BinaryExpression(operation, key, new RegexExpression(ExpressionParser.Compile(regex.Text)));
    }

    private BinaryExpression ParseKeyList(SlotExpression key)
    {
        tokens.RequireSymbol("(");
        BinaryExpression? any = null;
        do
        {
            var one = new BinaryExpression(
                Operator.Equal, key, new ConstantExpression(Value.Of(tokens.RequireIdentifier())));
            any = any is null ? one : new BinaryExpression(Operator.Or, any, one);
        }
        while (tokens.TryTakeSymbol(","));
        tokens.RequireSymbol(")");
        return any;
    }

    private Expression? ParseCondition() => tokens.TryTakeKeyword("WHERE") ? expressions.ParseCondition() : null;

    private Page ParsePage()
    {
        if (tokens.TryTakeKeyword("ORDER"))
        {
            tokens.RequireKeyword("BY");
            tokens.RequireIdentifier(); // names are always listed in their own order, as InfluxDB does
            _ = tokens.TryTakeKeyword("DESC") || tokens.TryTakeKeyword("ASC");
        }

        int limit = tokens.TryTakeKeyword("LIMIT") ? tokens.RequireCount() : 0;
        int offset = tokens.TryTakeKeyword("OFFSET") ? tokens.RequireCount() : 0;
        return new Page(limit, offset);
    }
}
