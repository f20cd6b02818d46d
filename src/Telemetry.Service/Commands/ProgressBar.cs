using System.Globalization;

namespace Telemetry.Service;

/// <summary>How far a command has come, on one line of a terminal; nothing where errors go to a file.</summary>
internal static class ProgressBar
{
    private const int Width = 30;

    /// <summary>Shows a share from 0 to 1 and what goes with it; at 1 the line is left.</summary>
    public static void Show(double share, string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(LineOf(share, text) + (share < 1 ? "" : Environment.NewLine));
        }
    }

    /// <summary>The line, which writes over the one before.</summary>
    internal static string LineOf(double share, string text)
    {
        share = Math.Clamp(share, 0, 1);
        string bar = new string('#', (int)(share * Width)).PadRight(Width, '.');
        return string.Create(CultureInfo.InvariantCulture, $"\r[{bar}] {share,4:P0}  {text} ");
    }
}
