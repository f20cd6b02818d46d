using System.Text.Json;

namespace Telemetry.Service;

/// <summary>Words for a settings file that cannot be read.</summary>
internal static class ConfigurationFault
{
    /// <summary>One line; where the file is no good JSON it begins with file, line and column.</summary>
    public static string Of(Exception fault, string? dataDirectory)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is JsonException { LineNumber: { } line, BytePositionInLine: { } column } json)
            {
                string file = Path.Combine(dataDirectory ?? "", "telemetry.json");
                string words = json.Message.Split(" LineNumber:")[0];
                return $"{file}:{line + 1}:{column + 1}: cannot read settings: {words} Nothing was opened";
            }
        }

        return $"cannot read settings: {(fault.InnerException ?? fault).Message}";
    }
}
