namespace Telemetry.Store.InfluxQl;

/// <summary>The functions of one row's values; the names are InfluxQL's.</summary>
internal enum MathFunction : byte
{
    Abs,
    Acos,
    Asin,
    Atan,
    Atan2,
    Ceil,
    Cos,
    Exp,
    Floor,
    Ln,
    Log,
    Log10,
    Log2,
    Pow,
    Round,
    Sin,
    Sqrt,
    Tan,
}

/// <summary>How functions of one row's values are written.</summary>
internal static class MathFunctions
{
    private static readonly Dictionary<string, MathFunction> ByName =
        Enum.GetValues<MathFunction>().ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The function of that name.</summary>
    public static bool TryRead(string name, out MathFunction function) => ByName.TryGetValue(name, out function);

    /// <summary>The name of a function in a query.</summary>
    public static string NameOf(MathFunction function) => function.ToString().ToLowerInvariant();

    /// <summary>Refuses a wrong number of arguments.</summary>
    public static void RequireArguments(MathExpression call)
    {
        int expected = call.Function is MathFunction.Atan2 or MathFunction.Log or MathFunction.Pow ? 2 : 1;
        if (call.Arguments.Count != expected)
        {
            throw new QueryRefusedException(
                $"invalid number of arguments for {NameOf(call.Function)}, expected {expected}, "
                + $"got {call.Arguments.Count}");
        }
    }

    /// <summary>True when whole numbers stay whole numbers.</summary>
    public static bool KeepsType(MathFunction function) =>
        function is MathFunction.Abs or MathFunction.Ceil or MathFunction.Floor or MathFunction.Round;
}
