using System.Globalization;
using nietras.SeparatedValues;

namespace Telemetry.Rehearsal;

/// <summary>The rows of a file, one at a time: their time, the watched cells, and the line as it was.</summary>
internal sealed class CsvRows : IDisposable
{
    private const string Delimiters = ",;|:\t";

    private readonly SepReader _reader;
    private readonly int _timeIndex;
    private readonly int[] _indexes; // of the watched columns, then of the context
    private readonly double[] _cells;
    private readonly int _valueCount;

    /// <exception cref="RehearsalException">There is no header, or a column is not in it.</exception>
    public CsvRows(TextReader source, CsvRunOptions options)
    {
        char delimiter = options.Delimiter;
        if (!Delimiters.Contains(delimiter))
        {
            throw new RehearsalException(
                $"cannot read rows: '{delimiter}' cannot stand between cells; give , ; | : or tab");
        }

        _reader = new Sep(delimiter).Reader(with => with with
        {
            HasHeader = false, // the first row is read as any other, so that it can be written as it was
            Unescape = true,
            DisableColCountCheck = true,
        }).From(source);
        if (!_reader.MoveNext())
        {
            throw new RehearsalException("cannot read rows: the file is empty; expected a line with names of columns");
        }

        SepReader.Row header = _reader.Current;
        var names = new string[header.ColCount];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = header[i].ToString().Trim();
        }

        Line = header.Span.ToString();
        _timeIndex = IndexOf(names, options.Time, delimiter);
        _indexes = [.. options.Values.Concat(options.Context).Select(name => IndexOf(names, name, delimiter))];
        _cells = new double[_indexes.Length];
        _valueCount = options.Values.Count;
    }

    /// <summary>The row as it stands in the file; the header before the first row.</summary>
    public string Line { get; private set; }

    /// <summary>Time of the row, nanoseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>The watched cells; NaN for one that is no finite number.</summary>
    public ReadOnlySpan<double> Values => _cells.AsSpan(0, _valueCount);

    /// <summary>The cells of the context, likewise.</summary>
    public ReadOnlySpan<double> Context => _cells.AsSpan(_valueCount);

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Cells so far that were no finite number.</summary>
    public long PassedCells { get; private set; }

    /// <summary>Line of the first of them; 0 for none.</summary>
    public long FirstPassed { get; private set; }

    /// <summary>Reads a row; an empty line is none.</summary>
    /// <exception cref="RehearsalException">It has no time.</exception>
    public bool TryRead()
    {
        while (_reader.MoveNext())
        {
            SepReader.Row row = _reader.Current;
            if (!row.Span.IsEmpty)
            {
                Take(row);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private void Take(in SepReader.Row row)
    {
        ReadOnlySpan<char> time = _timeIndex < row.ColCount ? row[_timeIndex].Span : default;
        if (!CsvTime.TryParse(time, out long nanoseconds))
        {
            throw new RehearsalException(
                $"cannot read line {row.LineNumberFrom}: \"{time}\" is no time; expected for instance "
                + "2026-01-31 08:00:00 or seconds since 1970; the lines before it are written");
        }

        Time = nanoseconds;
        Line = row.Span.ToString();
        Count++;
        for (int i = 0; i < _cells.Length; i++)
        {
            int index = _indexes[i];
            ReadOnlySpan<char> cell = index < row.ColCount ? row[index].Span : default;
            _cells[i] = NumberOf(cell);
            if (double.IsNaN(_cells[i]))
            {
                PassedCells++;
                FirstPassed = FirstPassed == 0 ? row.LineNumberFrom : FirstPassed;
            }
        }
    }

    private static double NumberOf(ReadOnlySpan<char> cell)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        bool isNumber = double.TryParse(cell.Trim(), NumberStyles.Float, invariant, out double number);
        return isNumber && double.IsFinite(number) ? number : double.NaN;
    }

    private static int IndexOf(string[] names, string name, char delimiter)
    {
        int index = Array.IndexOf(names, name);
        return index >= 0 ? index : throw new RehearsalException(
            $"cannot find column \"{name}\": the header has {names.Length} columns, "
            + $"\"{string.Join("\", \"", names)}\", when split at '{delimiter}'");
    }
}
