using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>A way in which an asset, a sensor or a gateway fails: what it changes, and how fast.</summary>
/// <param name="Id">Its code, for instance CR1-2.</param>
/// <param name="AssetType">Key of the equipment type; <see cref="AnyType"/> of all of them.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Class">Where the failure is.</param>
/// <param name="Onset">How long it takes to become full.</param>
/// <param name="PerYear">Expected episodes per asset and year; an estimate.</param>
/// <param name="Effects">What it does; empty when no signal of the site shows it.</param>
public sealed record FailureMode(
    string Id,
    string AssetType,
    string Name,
    FindingClass Class,
    OnsetSpan Onset,
    double PerYear,
    IReadOnlyList<SignalEffect> Effects)
{
    /// <summary>Stands for every equipment type but gateways.</summary>
    public const string AnyType = "*";

    /// <summary>Stands for gateways: all that comes through one is touched.</summary>
    public const string GatewayType = "GW";

    /// <summary>The weather it needs.</summary>
    public WeatherWindow Weather { get; init; } = WeatherWindow.Any;

    /// <summary>How long it stays full before it is repaired, seconds; 0 for what its time scale makes usual.</summary>
    public double HoldSeconds { get; init; }

    /// <summary>Why no detector can see it in the site's signals; empty when one can.</summary>
    public string Unseen { get; init; } = "";

    /// <summary>True when the site's signals show it.</summary>
    public bool IsVisible => Unseen.Length == 0;

    /// <summary>How long it takes to be gone once it is repaired: a machine settles, a sensor is exchanged.</summary>
    /// <param name="onsetSeconds">How long it took to become full.</param>
    internal double RecoverySeconds(double onsetSeconds) =>
        Class == FindingClass.Process ? Math.Clamp(onsetSeconds / 4, 60, 3_600) : 0;

    /// <summary>The time scale of its onset.</summary>
    public OnsetScale Scale => Onset.Scale;
}
