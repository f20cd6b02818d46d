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
        if (calls.Count == 0 && statement.Grouping.Time is not null)
        {
            throw new QueryRefusedException("GROUP BY requires at least one aggregate function");
        }

        if (calls.Count == 0 && statement.Fields.All(field => IsTime(field.Expression)))
        {
            throw new QueryRefusedException("at least 1 non-time field must be queried");
        }
    }

    /// <summary>True for the column that is always there.</summary>
    public static bool IsTime(Expression expression) =>
        expression is NameExpression { Name: "time", Aspect: SampleAspect.Value };

    private static void RequireCalls(SelectStatement statement, List<CallExpression> calls, bool hasNames)
    {
        foreach (CallExpression call in calls)
        {
            RequireCall(call);
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

        bool allSelectors = calls.TrueForAll(call => !HasWildcard(call) && AggregateFunctions.Require(call).IsSelector);
        if (allSelectors && calls.Count > 1)
        {
            throw new QueryRefusedException("mixing multiple selector functions with tags or fields is not supported");
        }

        if (!allSelectors)
        {
            throw new QueryRefusedException("mixing aggregate and non-aggregate queries is not supported");
        }
    }

    private static void RequireCall(CallExpression call)
    {
        bool overMany = HasWildcard(call);
        CallExpression named = overMany
            ? call with { Arguments = [new NameExpression("*"), .. call.Arguments.Skip(1)] }
            : call;
        AggregateFunctions.Require(named);
    }

    private static bool HasWildcard(CallExpression call) =>
        call.Arguments.Count > 0 && call.Arguments[0] is WildcardExpression or RegexExpression;

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
