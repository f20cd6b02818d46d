using System.Globalization;

namespace Telemetry.Service;

/// <summary>What the terminal can show.</summary>
internal static class TerminalLook
{
    private const int UsualWidth = 80;
    private static readonly string[] Locales = ["LC_ALL", "LC_CTYPE", "LANG"]; // the first that is set counts

    /// <summary>
    /// Columns: <c>COLUMNS</c> where it is set, the terminal's own, or 80 where the output is no terminal.
    /// </summary>
    public static int Width()
    {
        string? columns = Environment.GetEnvironmentVariable("COLUMNS");
        if (int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted > 0)
        {
            return wanted;
        }

        return Console.IsOutputRedirected || Console.WindowWidth <= 0 ? UsualWidth : Console.WindowWidth;
    }

    /// <summary>
    /// True when texts beyond ASCII would come out wrong: by the locale (POSIX), on Windows by the code page.
    /// </summary>
    /// <param name="variable">Gives a variable of the environment, null when it is not set.</param>
    public static bool IsAscii(Func<string, string?> variable)
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OutputEncoding.CodePage != System.Text.Encoding.UTF8.CodePage;
        }

        string locale = Locales.Select(variable)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return !locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            && !locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }
}
