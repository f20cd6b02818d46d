namespace Telemetry.EndToEnd.Tests.Queries;

/// <summary>
/// Makes statements over <see cref="QueryPoints"/> by a grammar; the same seed makes the same statements. What is known
/// to be answered otherwise than by influxd is not made; docs/query.md lists it.
/// </summary>
internal sealed class StatementGenerator(int seed)
{
    private static readonly string[] Numbers = ["load", "speed"];
    private static readonly string[] Conditions =
    [
        "asset = 'M1'", "asset != 'M2'", "area =~ /^n/", "area !~ /west/", "load > 20", "speed < 10 AND load > -50",
        "speed >= 0 OR load < 0", "running = true", "state = 'on'", "abs(load) > 60", "speed::float > 12.5",
        "rack = ''",
        "(asset = 'M3' OR asset = 'M4') AND load < 80",
    ];

    private static readonly string[] Reductions =
    [
        "count", "count(distinct", "mean", "median", "spread", "stddev", "sum", "first", "last", "max", "min",
        "percentile",
    ];

    private static readonly string[] Maths =
        ["abs", "ceil", "cos", "floor", "round", "sin", "sqrt", "tan", "atan"];

    private readonly Random _random = new(seed);

    /// <summary>The next statement.</summary>
    public string Next() => _random.Next(12) switch
    {
        0 => Raw(),
        1 => $"SELECT {Some(1, 3, Reduction)} FROM mill{Bounds()}{Groups()}{Page()}",
        2 => Windowed($"SELECT {Some(1, 3, Reduction)} FROM mill", isSingle: false),
        3 => $"SELECT {Selector()}, {Pick("asset", "area", "speed", "state", "load")} FROM mill{Bounds()}{Groups()}",
        4 => $"SELECT {Pick(Transformation(Pick(Numbers)), "integral(load, 1m)")} FROM mill "
            + $"WHERE asset = 'M{1 + _random.Next(4)}'"
            + $"{Order()}{Page()}",
        5 or 6 => Windowed($"SELECT {TransformedReduction()} FROM mill", isSingle: false),
        7 => $"SELECT {Pick("top", "bottom")}({Pick(Numbers)}, {Pick("", "asset, ", "area, ")}{1 + _random.Next(4)})"
            + $" FROM mill{Bounds()}{Pick("", " GROUP BY time(10m)", " GROUP BY area")}",
        8 or 9 => SubQuery(),
        10 => Zoned(),
        _ => $"SELECT {Some(1, 2, Computed)} FROM mill{Bounds()}{Page()}",
    };

    private string Raw()
    {
        string field = Some(1, 3, () => Pick(
            "load", "speed", "state", "running", "asset", "*", "load * 2", "load + speed", "speed / 3", "speed % 7",
            "speed & 3", "speed::float", "load::integer", "speed::string", "/^s/"));
        return $"SELECT {field} FROM mill{Bounds()}{Groups()}{Order()}{Page()}";
    }

    private string Computed() => _random.Next(4) switch
    {
        0 => $"{Pick("ln", "log10", "log2", "sqrt")}(load + 1000)",
        1 => $"exp({Pick(Numbers)} / 100)",
        2 => $"{Pick("pow", "atan2")}({Pick(Numbers)}, {2 + _random.Next(3)})",
        _ => $"{Pick(Maths)}({Pick(Numbers)} {Pick("+", "-", "*")} {_random.Next(50)})",
    };

    private string Reduction()
    {
        string function = Pick(Reductions);
        string field = function is "count" or "first" or "last"
            ? Pick("load", "speed", "state", "running", "speed::float")
            : Pick("load", "speed", "load::integer");
        return function switch
        {
            "count(distinct" => $"count(distinct({field}))",
            "percentile" => $"percentile(load, {Pick("50", "90", "99.5")})",
            _ => $"{function}({field})",
        };
    }

    private string Selector() => $"{Pick("first", "last", "max", "min")}({Pick(Numbers)})";

    private string Transformation(string input) => _random.Next(7) switch
    {
        0 => $"derivative({input}{Pick("", ", 1m", ", 10s")})",
        1 => $"non_negative_derivative({input}, 1s)",
        2 => $"difference({input})",
        3 => $"non_negative_difference({input})",
        4 => $"moving_average({input}, {2 + _random.Next(4)})",
        5 => $"cumulative_sum({input})",
        _ => $"elapsed({input}{Pick("", ", 1s", ", 1m")})",
    };

    private string TransformedReduction()
    {
        string inner = $"{Pick("mean", "sum", "max", "min", "count", "last", "median")}({Pick(Numbers)})";
        return _random.Next(4) switch
        {
            0 => $"{inner}, {Transformation(inner)}",
            1 => $"difference({Transformation(inner)})",
            _ => Transformation(inner),
        };
    }

    private string SubQuery() => _random.Next(7) switch
    {
        0 => $"SELECT {Pick("max", "min", "mean", "sum", "count")}(x) FROM (SELECT {Reduction()} AS x FROM mill"
            + $"{Bounds()} GROUP BY asset)",
        1 => Windowed($"SELECT {Pick("max", "mean", "sum")}(x) FROM (SELECT {Pick("mean", "sum", "max")}(load) AS x "
            + "FROM mill GROUP BY asset)"),
        2 => $"SELECT {Some(1, 2, () => Pick("a", "b", "a + b", "asset"))} FROM (SELECT load AS a, speed AS b, asset "
            + $"FROM mill{Bounds()}) WHERE {Pick("a > 10", "b < 0", "asset = 'M1'", "a > 0 AND b > 0")}{Page()}",
        3 => $"SELECT {Pick("mean", "max", "spread")}(d) FROM (SELECT {Pick("derivative", "difference")}(load) AS d "
            + $"FROM mill{Bounds()} GROUP BY asset){Pick("", " GROUP BY asset")}",
        4 => $"SELECT * FROM (SELECT {Pick("mean", "last", "max")}(load) FROM mill{Bounds(isClosed: true)} "
            + $"GROUP BY asset, time(10m)){Pick("", " GROUP BY asset")}{Page()}",
        5 => $"SELECT {Transformation("x")} FROM (SELECT mean(load) AS x FROM mill{Bounds(isClosed: true)} "
            + "GROUP BY time(5m))",
        _ => $"SELECT sum(x) FROM (SELECT max(y) AS x FROM (SELECT {Pick("load", "speed")} AS y FROM mill{Bounds()}) "
            + "GROUP BY asset)",
    };

    private string Zoned()
    {
        string zone = Pick("Asia/Ulaanbaatar", "Asia/Seoul", "Europe/Berlin", "UTC");
        (string from, string to) = _random.Next(2) == 0
            ? ("2016-03-25", "2016-03-27 12:00:00")
            : ("2016-09-23", "2016-09-25T06:00:00Z");
        string interval = Pick("1d", "12h", "8h", "6h", "1h", "1d, 6h", "12h, 7h");
        string reductions = Some(1, 2, () => Pick("count(tonnes)", "mean(tonnes)", "sum(trucks)", "max(tonnes)"));
        return $"SELECT {reductions} FROM ore "
            + $"WHERE time >= '{from}' AND time < '{to}' GROUP BY time({interval}) fill(none){Order()} tz('{zone}')";
    }

    /// <summary>Several functions over several groups go forwards only: influxd mixes groups backwards.</summary>
    private string Windowed(string select, bool isSingle = true)
    {
        string interval = Pick("5m", "7m", "10m", "30m", "10m, 3m", "1h");
        string group = Pick("", ", asset", ", area");
        string order = isSingle || group.Length == 0 ? Order() : "";
        string page = select.Contains("FROM (", StringComparison.Ordinal) ? "" : Page();
        return $"{select}{Bounds(isClosed: true)} GROUP BY time({interval}){group}{Fill()}{order}{page}";
    }

    private string Bounds(bool isClosed = false)
    {
        string condition = _random.Next(3) == 0 ? $" AND {Pick(Conditions)}" : "";
        string lower = Pick("'2016-03-01T00:05:00Z'", "1456790460s", "'2016-03-01 00:11:07.5'", "1456790400000000000");
        string upper = Pick("'2016-03-01T00:55:00Z'", "'2016-03-01T00:31:00Z'", "1456793000s - 7s");
        return isClosed || _random.Next(3) > 0
            ? $" WHERE time >= {lower} AND time < {upper}{condition}"
            : $" WHERE time >= {lower}{condition}";
    }

    private string Groups() => Pick("", "", " GROUP BY asset", " GROUP BY area", " GROUP BY *", " GROUP BY area, rack");

    private string Fill() =>
        Pick("", " fill(none)", " fill(null)", " fill(0)", " fill(-3)", " fill(previous)", " fill(linear)");

    private string Order() => Pick("", "", " ORDER BY time DESC", " ORDER BY time ASC");

    private string Page() => Pick("", "", " LIMIT 3", " LIMIT 5 OFFSET 2", " LIMIT 2 SLIMIT 1", " SLIMIT 2 SOFFSET 1");

    private string Some(int least, int most, Func<string> one) =>
        string.Join(", ", Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => one()).Distinct());

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
