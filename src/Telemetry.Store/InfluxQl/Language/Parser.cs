namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Reads a query: statements separated by semicolons. What InfluxDB would do but this store does not becomes a
/// <see cref="RefusedStatement"/>, so that its neighbours are still answered; what is no InfluxQL refuses the query.
/// </summary>
internal sealed class Parser
{
    private static readonly string[] Starters =
    [
        "SELECT", "DELETE", "SHOW", "CREATE", "DROP", "EXPLAIN", "GRANT", "REVOKE", "ALTER", "SET", "KILL",
    ];

    private readonly TokenReader _tokens;
    private readonly SelectParser _selects;
    private readonly ShowParser _shows;

    private Parser(string query, QueryParameters parameters)
    {
        _tokens = new TokenReader(query, parameters);
        var expressions = new ExpressionParser(_tokens);
        var sources = new SourceParser(_tokens);
        _selects = new SelectParser(_tokens, expressions, sources);
        _shows = new ShowParser(_tokens, expressions, sources);
    }

    /// <summary>Reads all statements of a query.</summary>
    /// <exception cref="QueryRefusedException">The text is no InfluxQL; the message says where.</exception>
    public static IReadOnlyList<Statement> Parse(string query, QueryParameters parameters) =>
        new Parser(query, parameters).ParseAll();

    private List<Statement> ParseAll()
    {
        var statements = new List<Statement>();
        bool separated = true;
        while (_tokens.Peek.Kind != TokenKind.EndOfText)
        {
            if (_tokens.TryTakeSymbol(";"))
            {
                separated = true;
                continue;
            }

            if (!separated)
            {
                _tokens.Refuse(";");
            }

            statements.Add(ParseStatement());
            separated = false;
        }

        return statements;
    }

    private Statement ParseStatement()
    {
        if (_tokens.TryTakeKeyword("SELECT"))
        {
            return _selects.Parse();
        }

        if (_tokens.TryTakeKeyword("SHOW"))
        {
            return _shows.Parse();
        }

        if (_tokens.TryTakeKeyword("CREATE"))
        {
            return ParseCreate();
        }

        Token first = _tokens.Peek;
        if (first.Kind != TokenKind.Keyword || !Starters.Contains(first.Text))
        {
            _tokens.Refuse(Starters);
        }

        _tokens.Take();
        string subject = first.IsKeyword("DROP") && _tokens.Peek.Kind == TokenKind.Keyword
            ? $"DROP {_tokens.Peek.Text}"
            : first.Text;
        _tokens.SkipStatement();
        return new RefusedStatement($"{subject} is not supported: {ReasonAgainst(first.Text)}");
    }

    private Statement ParseCreate()
    {
        if (_tokens.TryTakeKeyword("DATABASE"))
        {
            string name = _tokens.RequireIdentifier();
            _tokens.SkipStatement(); // WITH DURATION … says how InfluxDB is to keep it; retention is configured here
            return new CreateDatabaseStatement(name);
        }

        Token subject = _tokens.Peek;
        if (subject.Text is not ("CONTINUOUS" or "RETENTION" or "SUBSCRIPTION" or "USER"))
        {
            _tokens.Refuse("CONTINUOUS", "DATABASE", "USER", "RETENTION", "SUBSCRIPTION");
        }

        _tokens.SkipStatement();
        return new RefusedStatement(
            $"CREATE {subject.Text} is not supported: it is set in the configuration of the service");
    }

    private static string ReasonAgainst(string verb) => verb switch
    {
        "DELETE" or "DROP" => "nothing is deleted here; a wrong sample is overwritten by one of its time",
        "EXPLAIN" => "this store has no query plans to show",
        "KILL" => "a query ends with its connection or at its time limit",
        _ => "users and settings are those of the service's configuration",
    };
}
