using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>One sample on its way into a payload.</summary>
/// <param name="Signal">What was measured.</param>
/// <param name="Value">The value as it is told.</param>
/// <param name="Name">The signal's key as it is told.</param>
/// <param name="Unit">The unit of the value, a UCUM code.</param>
internal readonly record struct Reading(SignalInstance Signal, double Value, string Name, string Unit)
{
    /// <summary>As the site has it.</summary>
    public static Reading Of(SignalInstance signal, double value) =>
        new(signal, value, signal.Definition.Key, signal.Definition.Unit);

    /// <summary>Asset and name, as <c>CR-201.css</c>.</summary>
    public string Id => ReferenceEquals(Name, Signal.Definition.Key) ? Signal.Id : $"{Signal.Asset.Id}.{Name}";
}
