using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Truth;

public sealed class FailureModesTests
{
    private static readonly Dictionary<string, EquipmentType> Types = Runs.Site.Assets
        .Select(asset => asset.Type)
        .Concat(Runs.Site.Signals.Select(signal => signal.Asset.Type))
        .DistinctBy(type => type.Key)
        .ToDictionary(type => type.Key, StringComparer.Ordinal);

    [Fact]
    public void Every_mode_has_a_code_of_its_own_and_touches_signals_that_there_are()
    {
        Assert.Equal(FailureModes.All.Count, FailureModes.All.Select(mode => mode.Id).Distinct().Count());
        foreach (FailureMode mode in FailureModes.All)
        {
            Assert.Equal(mode.IsVisible, mode.Effects.Count > 0);
            Assert.Same(mode, FailureModes.Find(mode.Id.ToLowerInvariant()));
            Assert.True(mode.Onset.SecondsMax >= mode.Onset.SecondsMin, mode.Id);
            if (mode.AssetType == FailureMode.AnyType)
            {
                Assert.Equal(SignalEffect.One, Assert.Single(mode.Effects).Signal);
                continue;
            }

            EquipmentType type = Types[mode.AssetType];
            foreach (string key in mode.Effects.Select(effect => effect.Signal))
            {
                bool isThere = key is SignalEffect.Every or "" || type.Signals.Any(signal => signal.Key == key);
                Assert.True(isThere, $"{mode.Id} names {key}");
            }
        }
    }

    [Theory]
    [InlineData(OnsetScale.Instant, 0, 60)]
    [InlineData(OnsetScale.Minutes, 60, 3_600)]
    [InlineData(OnsetScale.Hours, 3_600, 86_400)]
    [InlineData(OnsetScale.Days, 86_400, 14 * 86_400)]
    [InlineData(OnsetScale.Weeks, 14 * 86_400, 56 * 86_400)]
    public void Onsets_are_of_their_time_scale(OnsetScale scale, double secondsMin, double secondsMax)
    {
        FailureMode[] modes = [.. FailureModes.All.Where(mode => mode.Scale == scale)];
        Assert.NotEmpty(modes);
        Assert.All(modes, mode =>
        {
            Assert.InRange(mode.Onset.SecondsMin, secondsMin, secondsMax);
            Assert.InRange(mode.Onset.SecondsMax, secondsMin, secondsMax);
        });
    }

    [Fact]
    public void A_visible_mode_moves_a_signal_out_of_its_noise()
    {
        IEnumerable<FailureMode> modes = FailureModes.All.Where(mode => mode.IsVisible);
        foreach (FailureMode mode in modes.Where(mode => Types.ContainsKey(mode.AssetType)))
        {
            double most = mode.Effects.Max(effect => SigmasOf(effect, Types[mode.AssetType]));
            Assert.True(most >= 1.5, $"{mode.Id} moves nothing by more than {most} deviations");
        }
    }

    /// <summary>How far half of the largest size moves a signal, in deviations of its noise.</summary>
    private static double SigmasOf(SignalEffect effect, EquipmentType type)
    {
        SignalDefinition? signal = type.Signals.FirstOrDefault(signal => signal.Key == effect.Signal);
        double noise = signal is { Noise: > 0 } ? signal.Noise : 0.01;
        return effect.Kind switch
        {
            EffectKind.Offset or EffectKind.Swing => Math.Abs(effect.Size) / 2 / noise,
            EffectKind.Gain => Math.Abs(effect.Size * signal!.Normal) / 2 / noise,
            EffectKind.Toward => Math.Abs(effect.Size - signal!.Normal) / noise,
            EffectKind.Drift or EffectKind.Spikes => Math.Abs(effect.Size) / 2,
            EffectKind.Noise => effect.Size > 1 ? 1.5 * effect.Size : 3,
            _ => double.PositiveInfinity, // cannot be overlooked
        };
    }
}
