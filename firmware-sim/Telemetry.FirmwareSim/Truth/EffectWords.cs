using System.Globalization;

namespace Telemetry.FirmwareSim;

/// <summary>What a failure mode does, in few words, as documents and people have it.</summary>
internal static class EffectWords
{
    /// <summary>All effects of a mode.</summary>
    public static string Of(FailureMode mode) =>
        mode.IsVisible ? string.Join(", ", mode.Effects.Select(effect => Of(effect))) : $"unseen: {mode.Unseen}";

    /// <summary>One effect, for instance <c>frame_vib +25 %</c>.</summary>
    public static string Of(in SignalEffect effect)
    {
        string signal = effect.Signal switch
        {
            SignalEffect.Every => "every signal",
            SignalEffect.One => "one signal",
            "" => "its clock",
            _ => effect.Signal,
        };
        return $"{signal} {Change(effect)}";
    }

    /// <summary>The weather that a mode needs; empty when it needs none.</summary>
    public static string Of(WeatherWindow weather)
    {
        (double low, double high) = (weather.AirTempMin, weather.AirTempMax);
        return (double.IsNaN(low), double.IsNaN(high)) switch
        {
            (true, true) => "",
            (true, false) => Text($"below {high} °C"),
            (false, true) => Text($"above {low} °C"),
            _ => Text($"{low} to {high} °C"),
        };
    }

    private static string Change(in SignalEffect effect) => effect.Kind switch
    {
        EffectKind.Offset => Signed(effect.Size),
        EffectKind.Gain => $"{Signed(effect.Size * 100)} %",
        EffectKind.Toward => Text($"to {effect.Size}"),
        EffectKind.Swing => Text($"swings by {effect.Size}"),
        EffectKind.Noise => Text($"noise ×{effect.Size}"),
        EffectKind.Drift => $"{Signed(effect.Size)} σ",
        EffectKind.Spikes => Text($"spikes of {effect.Size} σ"),
        EffectKind.Stuck => "stuck",
        EffectKind.Pattern => Text($"repeats its last {effect.Size}"),
        EffectKind.Pinned => Text($"at {effect.Size * 100} % of its range"),
        EffectKind.Scale => Text($"×{effect.Size}"),
        EffectKind.DropOut => Text($"{effect.Size * 100} % missing"),
        EffectKind.ClockDrift => $"{Signed(effect.Size)} s a day",
        EffectKind.ClockStep => $"{Signed(effect.Size)} s",
        _ => "at 1970",
    };

    private static string Signed(double size) => Text($"{(size < 0 ? "−" : "+")}{Math.Round(Math.Abs(size), 6)}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
