using System.Diagnostics.CodeAnalysis;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Walks the tokens of a query with one token of look-ahead; refusals carry InfluxDB's words and places.
/// </summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;
    private readonly QueryParameters _parameters;
    private Token _next;

    public TokenReader(string query, QueryParameters parameters)
    {
        _lexer = new Lexer(query);
        _parameters = parameters;
        _next = NextAt(0);
    }

    /// <summary>The next token, not yet taken.</summary>
    public Token Peek => _next;

    /// <summary>Takes the next token.</summary>
    public Token Take()
    {
        Token taken = _next;
        _next = NextAt(taken.End);
        return taken;
    }

    /// <summary>Takes the next token if it is that keyword.</summary>
    public bool TryTakeKeyword(string word)
    {
        if (!_next.IsKeyword(word))
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Takes the next token if it is that symbol.</summary>
    public bool TryTakeSymbol(string symbol)
    {
        if (!_next.IsSymbol(symbol))
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Takes a regular expression if the next token is a slash.</summary>
    public bool TryTakeRegex(out Token regex)
    {
        regex = default;
        if (_next.Kind == TokenKind.Regex)
        {
            regex = Take();
            return true;
        }

        if (!_next.IsSymbol("/"))
        {
            return false;
        }

        regex = _lexer.Regex(_next.Start);
        if (regex.Kind != TokenKind.Regex)
        {
            _next = regex;
            Refuse("regex");
        }

        _next = NextAt(regex.End);
        return true;
    }

    /// <summary>Takes that keyword or refuses.</summary>
    public void RequireKeyword(string word)
    {
        if (!TryTakeKeyword(word))
        {
            Refuse(word);
        }
    }

    /// <summary>Takes that symbol or refuses.</summary>
    public void RequireSymbol(string symbol)
    {
        if (!TryTakeSymbol(symbol))
        {
            Refuse(symbol);
        }
    }

    /// <summary>Takes a name or refuses.</summary>
    public string RequireIdentifier()
    {
        if (_next.Kind != TokenKind.Identifier)
        {
            Refuse("identifier");
        }

        return Take().Text;
    }

    /// <summary>Takes a whole number that is not negative or refuses.</summary>
    public int RequireCount()
    {
        if (_next.Kind != TokenKind.Integer)
        {
            Refuse("integer");
        }

        return int.TryParse(Take().Text, out int count) ? count : int.MaxValue;
    }

    /// <summary>Skips to the end of the statement.</summary>
    public void SkipStatement()
    {
        while (_next.Kind != TokenKind.EndOfText && !_next.IsSymbol(";"))
        {
            Take();
        }
    }

    /// <summary>Refuses the next token.</summary>
    /// <param name="expected">What could have stood there.</param>
    [DoesNotReturn]
    public void Refuse(params ReadOnlySpan<string> expected)
    {
        (int line, int character) = _lexer.PlaceOf(_next);
        string words = string.Join(", ", expected.ToArray());
        throw new QueryRefusedException($"found {_next.Found}, expected {words} at line {line}, char {character}");
    }

    /// <summary>Line and character of a token, both from 1.</summary>
    public (int Line, int Character) PlaceOf(in Token token) => _lexer.PlaceOf(token);

    private Token NextAt(int position)
    {
        Token token = _lexer.Next(position);
        return token.Kind == TokenKind.Parameter ? _parameters.Resolve(token) : token;
    }
}
