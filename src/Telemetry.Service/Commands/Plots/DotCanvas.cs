namespace Telemetry.Service;

/// <summary>
/// Dots in cells of text: eight to a cell as a Braille pattern (Unicode block U+2800), or two, one above the other, in
/// plain ASCII. Row 0 is the uppermost.
/// </summary>
internal sealed class DotCanvas
{
    private const char BrailleBlank = '\u2800';
    private const string AsciiCells = " '.:"; // nothing, the upper dot, the lower dot, both
    private static ReadOnlySpan<byte> BrailleLeft => [0x01, 0x02, 0x04, 0x40];

    private static ReadOnlySpan<byte> BrailleRight => [0x08, 0x10, 0x20, 0x80];

    private readonly byte[,] _cells;
    private readonly bool _isAscii;

    /// <param name="columns">Width in cells.</param>
    /// <param name="rows">Height in cells.</param>
    /// <param name="isAscii">No Braille.</param>
    public DotCanvas(int columns, int rows, bool isAscii)
    {
        _cells = new byte[rows, columns];
        _isAscii = isAscii;
        (Width, Height) = isAscii ? (columns, rows * 2) : (columns * 2, rows * 4);
    }

    /// <summary>Dots from left to right.</summary>
    public int Width { get; }

    /// <summary>Dots from top to bottom.</summary>
    public int Height { get; }

    /// <summary>Sets the dots of a straight line, both ends included (Bresenham).</summary>
    public void Line(int x1, int y1, int x2, int y2)
    {
        int across = Math.Abs(x2 - x1), down = -Math.Abs(y2 - y1);
        int error = across + down;
        while (true)
        {
            Set(x1, y1);
            if (x1 == x2 && y1 == y2)
            {
                return;
            }

            int twice = 2 * error;
            if (twice >= down)
            {
                error += down;
                x1 += Math.Sign(x2 - x1);
            }

            if (twice <= across)
            {
                error += across;
                y1 += Math.Sign(y2 - y1);
            }
        }
    }

    /// <summary>The cells of a row, without the blank ones at its end.</summary>
    public string RowText(int row)
    {
        var text = new char[_cells.GetLength(1)];
        for (int column = 0; column < text.Length; column++)
        {
            byte cell = _cells[row, column];
            text[column] = _isAscii ? AsciiCells[cell] : cell == 0 ? ' ' : (char)(BrailleBlank + cell);
        }

        return new string(text).TrimEnd();
    }

    private void Set(int x, int y)
    {
        if (_isAscii)
        {
            _cells[y / 2, x] |= (byte)(1 << (y % 2));
        }
        else
        {
            _cells[y / 4, x / 2] |= (x % 2 == 0 ? BrailleLeft : BrailleRight)[y % 4];
        }
    }
}
