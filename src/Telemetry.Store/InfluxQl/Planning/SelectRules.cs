namespace Telemetry.Store.InfluxQl;

/// <summary>What a field list must keep to, checked before anything is read; the words are InfluxDB's.</summary>
internal static class SelectRules
{
    /// <summary>Refuses what cannot be computed.</summary>
    public static void Require(SelectStatement statement)
    {
        var calls = new List<CallExpression>();
        bool hasNames = false;
        foreach (SelectField field in statement.Fields)
        {
            (bool named, int callsBefore) = (false, calls.Count);
            Collect(field.Expression, calls, ref named);
            hasNames |= named;
            if (!named && calls.Count == callsBefore)
            {
                throw new QueryRefusedException("field must contain at least one variable");
            }
        }

        RequireCalls(statement, calls, hasNames);
        if (calls.Count == 0 && statement.Fill is FillKind.None or FillKind.Linear && !statement.HasOuterWindows)
        {
            string fill = statement.Fill == FillKind.None ? "none" : "linear";
            throw new QueryRefusedException($"fill({fill}) must be used with a function");
        }

        if (calls.Count == 0 && statement.Grouping.Time is not null && !statement.HasOuterWindows)
        {
            throw new QueryRefusedException("GROUP BY requires at least one aggregate function");
        }

        if (calls.Count == 0 && statement.Fields.All(field => IsTime(field.Expression)))
        {
            throw new QueryRefusedException("at least 1 non-time field must be queried");
        }
    }

    /// <summary>The calls of a field list, wildcards as names.</summary>
    public static List<AggregateCall> CallsOf(SelectStatement statement)
    {
        var calls = new List<CallExpression>();
        bool hasNames = false;
        foreach (SelectField field in statement.Fields)
        {
            Collect(field.Expression, calls, ref hasNames);
        }

        return calls.ConvertAll(new CallReading(statement).Require);
    }

    /// <summary>Refuses to ask an answer where its values come from.</summary>
    public static void RequireNoOrigins(SelectStatement statement)
    {
        RequireNoOrigins(statement.Condition);
        foreach (SelectField field in statement.Fields)
        {
            RequireNoOrigins(field.Expression);
        }
    }

    /// <summary>True for the column that is always there.</summary>
    public static bool IsTime(Expression expression) =>
        expression is NameExpression { Name: "time", Aspect: SampleAspect.Value };

    private static void RequireNoOrigins(IReadOnlyList<Expression> expressions)
    {
        foreach (Expression expression in expressions)
        {
            RequireNoOrigins(expression);
        }
    }

    private static void RequireNoOrigins(Expression? expression)
    {
        switch (expression)
        {
            case NameExpression { Aspect: not SampleAspect.Value }:
            case CallExpression call when SampleAspects.TryRead(call.Function, out _) || call.Function == "good_share":
                throw new QueryRefusedException(
                    $"{ExpressionText.Of(expression)} asks where a stored value comes from, and the values of a "
                    + "sub-query are not stored; ask in the sub-query and use its column");
            case CallExpression { Arguments: var arguments }:
                RequireNoOrigins(arguments);
                break;
            case MathExpression math:
                RequireNoOrigins(math.Arguments);
                break;
            case BinaryExpression both:
                RequireNoOrigins(both.Left);
                RequireNoOrigins(both.Right);
                break;
        }
    }

    private static void RequireCalls(SelectStatement statement, List<CallExpression> calls, bool hasNames)
    {
        var reading = new CallReading(statement);
        List<AggregateCall> read = calls.ConvertAll(reading.Require);
        if (calls.Count > 1 && read.Find(call => call.PicksMany) is { } pick)
        {
            throw new QueryRefusedException(
                $"selector function {pick.Function.ToString().ToLowerInvariant()}() cannot be combined with other "
                + "functions");
        }

        foreach (CallExpression call in calls)
        {
            bool isDistinct = call.Function == "distinct";
            if (isDistinct && (calls.Count > 1 || hasNames || statement.Fields.Count > 1))
            {
                throw new QueryRefusedException(
                    "aggregate function distinct() cannot be combined with other functions or fields");
            }
        }

        if (calls.Count == 0 || !hasNames)
        {
            return;
        }

        bool allSelectors = read.TrueForAll(call => call.IsSelector) && !calls.Exists(HasWildcard);
        if (allSelectors && calls.Count > 1)
        {
            throw new QueryRefusedException("mixing multiple selector functions with tags or fields is not supported");
        }

        if (!allSelectors)
        {
            throw new QueryRefusedException("mixing aggregate and non-aggregate queries is not supported");
        }
    }

    private static bool HasWildcard(CallExpression call) => call.Arguments.Count > 0 && call.Arguments[0] switch
    {
        WildcardExpression or RegexExpression => true,
        CallExpression inner => HasWildcard(inner),
        _ => false,
    };

    private static void Collect(Expression expression, List<CallExpression> calls, ref bool hasNames)
    {
        switch (expression)
        {
            case CallExpression call when SampleAspects.TryRead(call.Function, out _):
                hasNames = true;
                break;
            case CallExpression call:
                calls.Add(call);
                break;
            case MathExpression math:
                MathFunctions.RequireArguments(math);
                foreach (Expression argument in math.Arguments)
                {
                    Collect(argument, calls, ref hasNames);
                }

                break;
            case BinaryExpression { Left: WildcardExpression or RegexExpression }:
            case BinaryExpression { Right: WildcardExpression or RegexExpression }:
                throw new QueryRefusedException("unable to use wildcard in a binary expression");
            case BinaryExpression both:
                RequireNames(both.Left);
                RequireNames(both.Right);
                Collect(both.Left, calls, ref hasNames);
                Collect(both.Right, calls, ref hasNames);
                break;
            case NameExpression or WildcardExpression or RegexExpression:
                hasNames = true;
                break;
        }
    }

    private static void RequireNames(Expression operand)
    {
        if (operand is CallExpression call && HasWildcard(call))
        {
            throw new QueryRefusedException($"unsupported expression with wildcard: {call.Function}()");
        }
    }
}
