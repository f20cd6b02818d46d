namespace Telemetry.Payloads;

/// <summary>
/// The cells of one line (RFC 4180): plain up to the delimiter, or in quotes, in which a quote is doubled. A line ends
/// at a line feed outside of quotes. Borrowed.
/// </summary>
internal ref struct CsvCells
{
    private const byte Quote = (byte)'"';

    private readonly ReadOnlySpan<byte> _text;
    private readonly byte _delimiter;
    private bool _isAtLineEnd;

    public CsvCells(ReadOnlySpan<byte> text, int start, byte delimiter)
    {
        _text = text;
        _delimiter = delimiter;
        Position = start;
    }

    /// <summary>Where the next cell, or behind the last one the next line, starts.</summary>
    public int Position { get; private set; }

    /// <summary>A quoted cell does not end, or something stands behind its end.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Takes the next cell; false when the line has no more.</summary>
    /// <param name="start">Where its text starts, behind the quote of a quoted one.</param>
    /// <param name="bytes">Length of its text; spaces around a plain one are not part of it.</param>
    public bool TryRead(out int start, out int bytes)
    {
        start = Position;
        bytes = 0;
        if (_isAtLineEnd || HasFailed)
        {
            return false;
        }

        if (Position < _text.Length && _text[Position] == Quote)
        {
            ReadQuoted(out start, out bytes);
            return !HasFailed;
        }

        ReadOnlySpan<byte> rest = _text[Position..];
        int end = rest.IndexOfAny(_delimiter, (byte)'\n');
        ReadOnlySpan<byte> cell = end < 0 ? rest : rest[..end];
        Step(Position + cell.Length);
        int leading = cell.Length - cell.TrimStart(" \r"u8).Length;
        start += leading;
        bytes = cell[leading..].TrimEnd(" \r"u8).Length;
        return true;
    }

    private void ReadQuoted(out int start, out int bytes)
    {
        start = Position + 1;
        int i = start;
        while (i < _text.Length && (_text[i] != Quote || (i + 1 < _text.Length && _text[i + 1] == Quote)))
        {
            i += _text[i] == Quote ? 2 : 1;
        }

        bytes = Math.Min(i, _text.Length) - start;
        HasFailed = i >= _text.Length;
        i++;
        while (i < _text.Length && _text[i] is (byte)' ' or (byte)'\r')
        {
            i++;
        }

        HasFailed |= i < _text.Length && _text[i] != _delimiter && _text[i] != '\n';
        Step(Math.Min(i, _text.Length));
    }

    /// <summary>Moves over the delimiter or the line end at a place.</summary>
    private void Step(int end)
    {
        _isAtLineEnd = end == _text.Length || _text[end] == '\n';
        Position = Math.Min(end + 1, _text.Length);
    }
}
