using System.Text;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Cuts a query into tokens, one at a time from a given place, because a slash begins a regular expression or divides
/// depending on what the parser expects. White space and comments (<c>-- …</c>, <c>/* … */</c>) are skipped.
/// </summary>
internal sealed class Lexer(string query)
{
    private const string SingleSymbols = "+-*/%&|^()=<>,;.";
    private static readonly string[] DoubleSymbols = ["!=", "<>", "=~", "!~", "<=", ">=", "::"];

    /// <summary>The token at or after <paramref name="position"/>.</summary>
    public Token Next(int position)
    {
        int start = SkipBlank(position);
        if (start >= query.Length)
        {
            return new Token(TokenKind.EndOfText, "", start, start);
        }

        char c = query[start];
        return c switch
        {
            '"' => Quoted(start, '"', TokenKind.Identifier),
            '\'' => Quoted(start, '\'', TokenKind.Text),
            '$' => Parameter(start),
            _ when char.IsAsciiDigit(c) => Number(start),
            '.' when start + 1 < query.Length && char.IsAsciiDigit(query[start + 1]) => Number(start),
            _ when IsNameStart(c) => Word(start),
            _ => Symbol(start),
        };
    }

    /// <summary>The regular expression whose opening slash stands at <paramref name="start"/>.</summary>
    public Token Regex(int start)
    {
        var text = new StringBuilder();
        for (int i = start + 1; i < query.Length && query[i] != '\n'; i++)
        {
            if (query[i] == '/')
            {
                return new Token(TokenKind.Regex, text.ToString(), start, i + 1);
            }

            // Only the slash needs an escape here; every other backslash belongs to the expression.
            i += query[i] == '\\' && i + 1 < query.Length && query[i + 1] == '/' ? 1 : 0;
            text.Append(query[i]);
        }

        return new Token(TokenKind.BrokenText, text.ToString(), start, query.Length);
    }

    /// <summary>Line and character of a token as InfluxDB counts them, both from 1.</summary>
    public (int Line, int Character) PlaceOf(in Token token)
    {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < token.Start && i < query.Length; i++)
        {
            if (query[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
        }

        int character = token.Start - lineStart + 1;
        return (line, character + Skew(token));
    }

    /// <summary>
    /// InfluxDB places the end of a query one further after a bare token than after a blank or a quote, and what is
    /// quoted one before its quote; clients' tests know the numbers.
    /// </summary>
    private int Skew(in Token token) => token.Kind switch
    {
        TokenKind.EndOfText => query.Length > 0 && !char.IsWhiteSpace(query[^1]) && query[^1] is not ('\'' or '"')
            ? 1
            : 0,
        TokenKind.BrokenText => -1,
        _ => token.IsQuoted ? -1 : 0,
    };

    private int SkipBlank(int position)
    {
        while (position < query.Length)
        {
            if (char.IsWhiteSpace(query[position]))
            {
                position++;
            }
            else if (StartsWith(position, "--"))
            {
                int end = query.IndexOf('\n', position);
                position = end < 0 ? query.Length : end + 1;
            }
            else if (StartsWith(position, "/*"))
            {
                int end = query.IndexOf("*/", position, StringComparison.Ordinal);
                position = end < 0 ? query.Length : end + 2;
            }
            else
            {
                break;
            }
        }

        return position;
    }

    private Token Quoted(int start, char quote, TokenKind kind)
    {
        var text = new StringBuilder();
        for (int i = start + 1; i < query.Length && query[i] != '\n'; i++)
        {
            char c = query[i];
            if (c == quote)
            {
                return new Token(kind, text.ToString(), start, i + 1, IsQuoted: true);
            }

            if (c == '\\')
            {
                i++;
                c = i < query.Length ? Unescaped(query[i]) : '\0';
                if (c == '\0')
                {
                    return new Token(TokenKind.BrokenText, text.ToString(), start, query.Length);
                }
            }

            text.Append(c);
        }

        return new Token(TokenKind.BrokenText, text.ToString(), start, query.Length);
    }

    private static char Unescaped(char c) => c switch
    {
        'n' => '\n',
        '\\' or '"' or '\'' => c,
        _ => '\0',
    };

    private Token Number(int start)
    {
        int end = start;
        bool isDecimal = false;
        while (end < query.Length && (char.IsAsciiDigit(query[end]) || (query[end] == '.' && !isDecimal)))
        {
            isDecimal |= query[end] == '.';
            end++;
        }

        if (!isDecimal && end < query.Length && IsUnitLetter(query[end]))
        {
            while (end < query.Length && (char.IsAsciiDigit(query[end]) || IsUnitLetter(query[end])))
            {
                end++;
            }

            return new Token(TokenKind.Duration, query[start..end], start, end);
        }

        return new Token(isDecimal ? TokenKind.Number : TokenKind.Integer, query[start..end], start, end);
    }

    private static bool IsUnitLetter(char c) => char.IsAsciiLetter(c) || c == 'µ';

    private Token Word(int start)
    {
        int end = start + 1;
        while (end < query.Length && (IsNameStart(query[end]) || char.IsAsciiDigit(query[end])))
        {
            end++;
        }

        string word = query[start..end];
        return Keywords.Contains(word)
            ? new Token(TokenKind.Keyword, word.ToUpperInvariant(), start, end)
            : new Token(TokenKind.Identifier, word, start, end);
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private Token Symbol(int start)
    {
        foreach (string symbol in DoubleSymbols)
        {
            if (StartsWith(start, symbol))
            {
                return new Token(TokenKind.Symbol, symbol == "<>" ? "!=" : symbol, start, start + symbol.Length);
            }
        }

        TokenKind kind = SingleSymbols.Contains(query[start]) ? TokenKind.Symbol : TokenKind.Unknown;
        return new Token(kind, query[start].ToString(), start, start + 1);
    }

    /// <summary>A name after a dollar sign, bare or in double quotes.</summary>
    private Token Parameter(int start)
    {
        if (start + 1 >= query.Length || (query[start + 1] != '"' && !IsNameStart(query[start + 1])))
        {
            throw new QueryRefusedException("empty bound parameter");
        }

        Token name = query[start + 1] == '"' ? Quoted(start + 1, '"', TokenKind.Parameter) : Word(start + 1);
        return new Token(TokenKind.Parameter, query[(start + 1)..name.End].Trim('"'), start, name.End);
    }

    private bool StartsWith(int position, string text) =>
        string.CompareOrdinal(query, position, text, 0, text.Length) == 0;
}
