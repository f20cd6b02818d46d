using System.Globalization;

namespace Telemetry.FirmwareSim;

/// <summary>Cells of recorded files.</summary>
internal static class CellText
{
    /// <summary>Reads a number; an empty cell is NaN.</summary>
    /// <returns>False for what is no finite number.</returns>
    public static bool TryReadNumber(string cell, out double value)
    {
        value = double.NaN;
        return cell.Length == 0
            || (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value));
    }

    /// <summary>Reads a time in ISO 8601, UTC without an offset.</summary>
    public static bool TryReadTime(string cell, out DateTimeOffset time) => DateTimeOffset.TryParse(
        cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
