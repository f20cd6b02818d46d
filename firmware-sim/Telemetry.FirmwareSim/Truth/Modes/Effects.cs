using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>The words in which the tables of failure modes are written.</summary>
internal static class Effects
{
    private const double Hour = 3_600;

    public static SignalEffect Offset(string signal, double units) => new(EffectKind.Offset, signal, units);

    public static SignalEffect Gain(string signal, double part) => new(EffectKind.Gain, signal, part);

    public static SignalEffect Toward(string signal, double value) => new(EffectKind.Toward, signal, value);

    public static SignalEffect Noise(string signal, double times) => new(EffectKind.Noise, signal, times);

    public static SignalEffect Drift(string signal, double sigmas) => new(EffectKind.Drift, signal, sigmas);

    public static SignalEffect Spikes(string signal, double sigmas) => new(EffectKind.Spikes, signal, sigmas);

    public static SignalEffect Stuck(string signal) => new(EffectKind.Stuck, signal, 1, EffectShape.Step);

    public static SignalEffect Pattern(string signal, int samples) =>
        new(EffectKind.Pattern, signal, samples, EffectShape.Step);

    public static SignalEffect Pinned(string signal, double place) =>
        new(EffectKind.Pinned, signal, place, EffectShape.Step);

    public static SignalEffect Scale(string signal, double times) =>
        new(EffectKind.Scale, signal, times, EffectShape.Step);

    public static SignalEffect DropOut(string signal, double part) => new(EffectKind.DropOut, signal, part);

    public static SignalEffect Swing(string signal, double units, double periodSeconds) =>
        new(EffectKind.Swing, signal, units, PeriodSeconds: periodSeconds);

    /// <summary>A failure of a machine or of the process.</summary>
    public static FailureMode Process(
        string id, string name, OnsetSpan onset, double perYear, params SignalEffect[] effects) =>
        new(id, TypeOf(id), name, FindingClass.Process, onset, perYear, effects);

    /// <summary>A failure of a sensor that this type of asset has.</summary>
    public static FailureMode Sensor(
        string id, string name, OnsetSpan onset, double perYear, params SignalEffect[] effects) =>
        new(id, TypeOf(id), name, FindingClass.Sensor, onset, perYear, effects);

    /// <summary>A failure of any one sensor.</summary>
    public static FailureMode AnySensor(
        string id, string name, OnsetSpan onset, double perYear, SignalEffect effect) =>
        new(id, FailureMode.AnyType, name, FindingClass.Sensor, onset, perYear, [effect]);

    /// <summary>A failure of a gateway or its link.</summary>
    public static FailureMode OfGateway(
        string id, string name, OnsetSpan onset, double perYear, params SignalEffect[] effects) =>
        new(id, FailureMode.GatewayType, name, FindingClass.Gateway, onset, perYear, effects);

    /// <summary>The same, only in some weather.</summary>
    public static FailureMode When(this FailureMode mode, WeatherWindow weather) => mode with { Weather = weather };

    /// <summary>The same, repaired after so many hours.</summary>
    public static FailureMode Lasting(this FailureMode mode, double hours) =>
        mode with { HoldSeconds = hours * Hour };

    /// <summary>The same, which no signal of the site shows.</summary>
    public static FailureMode NotSeen(this FailureMode mode, string because) => mode with { Unseen = because };

    private static string TypeOf(string id) => id[..id.IndexOf('-')];
}
