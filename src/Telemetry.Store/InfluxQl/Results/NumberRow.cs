using System.Buffers.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The row that researchers ask for by the hundred thousand: a time as a number, then numbers. It is written in one
/// piece, and gives byte for byte what a writer of JSON gives cell by cell.
/// </summary>
internal static class NumberRow
{
    /// <summary>Bytes that a row may take; a longer one is not written here.</summary>
    public const int BytesMax = 512;

    private const int CellBytesMax = FloatText.BytesMax + 2; // with a comma before and the end behind

    /// <summary>Writes <c>[time,cell,…]</c>; false when a cell is no number, or there are too many.</summary>
    public static bool TryWrite(ReadOnlySpan<Value> row, TimePrecision precision, Span<byte> target, out int length)
    {
        target[0] = (byte)'[';
        length = 1;
        for (int i = 0; i < row.Length; i++)
        {
            if (target.Length - length <= CellBytesMax)
            {
                return false;
            }

            if (i > 0)
            {
                target[length++] = (byte)',';
            }

            Value cell = i == 0 ? Value.Of(row[0].Bits / Timestamp.NanosecondsPer(precision)) : row[i];
            if (!TryWriteCell(cell, target[length..], out int written))
            {
                return false;
            }

            length += written;
        }

        target[length++] = (byte)']';
        return true;
    }

    private static bool TryWriteCell(in Value cell, Span<byte> target, out int written)
    {
        switch (cell.Kind)
        {
            case ValueKind.Integer:
                return Utf8Formatter.TryFormat(cell.Bits, target, out written);
            case ValueKind.Unsigned:
                return Utf8Formatter.TryFormat(unchecked((ulong)cell.Bits), target, out written);
            case ValueKind.Float when double.IsFinite(cell.AsFloat):
                written = FloatText.Write(cell.AsFloat, target);
                return true;
            case ValueKind.None or ValueKind.Float: // JSON has no NaN and no infinity
                "null"u8.CopyTo(target);
                written = 4;
                return true;
            default:
                written = 0;
                return false;
        }
    }
}
