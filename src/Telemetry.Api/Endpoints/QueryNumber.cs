using System.Globalization;

namespace Telemetry.Api;

/// <summary>A whole number in an address's query.</summary>
internal static class QueryNumber
{
    /// <summary>Reads one; false, with the reason in words, when it is not within the bounds.</summary>
    public static bool TryRead(string? text, long min, long max, long otherwise, out long number, out string error)
    {
        error = "";
        number = otherwise;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        bool isRead = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        bool isWithin = isRead && number >= min && number <= max;
        error = isWithin ? "" : $"expected a number from {min} to {max}, found '{text}'";
        return error.Length == 0;
    }
}
