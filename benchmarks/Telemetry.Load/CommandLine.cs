using System.Globalization;

namespace Telemetry.Load;

/// <summary>Options of the form <c>--name value</c>.</summary>
internal sealed class CommandLine(string[] args)
{
    public string Text(string name, string initial)
    {
        int at = Array.IndexOf(args, name);
        return at > 0 && at + 1 < args.Length ? args[at + 1] : initial;
    }

    public int Number(string name, int initial) => (int)Long(name, initial);

    public long Long(string name, long initial) =>
        long.Parse(Text(name, initial.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public bool IsOn(string name, bool initial) => Text(name, initial ? "on" : "off") == "on";
}
