namespace Telemetry.Store.InfluxQl;

/// <summary>Kinds of token of InfluxQL.</summary>
internal enum TokenKind : byte
{
    EndOfText,
    Identifier, // bare or in double quotes
    Keyword, // Text is in upper case
    Text, // in single quotes
    BrokenText, // a quote that is never closed, or an unknown escape
    Number,
    Integer,
    Duration,
    Regex, // only where the parser asks for one, or by a parameter
    Parameter, // $name, before its value stands in its place
    Symbol, // an operator or a punctuation mark, in Text
    Unknown,
}

/// <summary>One token: what it is, its text without quotes and escapes, and where it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; empty at the end of the query.</param>
/// <param name="Start">Index of its first character in the query.</param>
/// <param name="End">Index after its last character.</param>
/// <param name="IsQuoted">An identifier in double quotes, which is never a keyword or a function.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, bool IsQuoted = false)
{
    /// <summary>What error texts call it.</summary>
    public string Found => Kind == TokenKind.EndOfText ? "EOF" : Text;

    /// <summary>True for the keyword <paramref name="word"/>, given in upper case.</summary>
    public bool IsKeyword(string word) => Kind == TokenKind.Keyword && Text == word;

    /// <summary>True for the operator or mark <paramref name="symbol"/>.</summary>
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}
