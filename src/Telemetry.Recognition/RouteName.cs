using System.Text.RegularExpressions;

namespace Telemetry.Recognition;

/// <summary>Names of routes made from names of formats.</summary>
internal static class RouteName
{
    /// <summary>Small letters, digits and dashes, as a file's name may have them.</summary>
    public static string Of(string format) =>
        Regex.Replace(format.ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');
}
