namespace Telemetry.FirmwareSim;

/// <summary>What a failure does to a signal; <see cref="SignalEffect.Size"/> says how much.</summary>
public enum EffectKind : byte
{
    /// <summary>The true value rises by so many units.</summary>
    Offset = 0,

    /// <summary>The true value rises by this part of itself: 0.2 is 20 % more, -0.2 is 20 % less.</summary>
    Gain = 1,

    /// <summary>The true value goes to this one.</summary>
    Toward = 2,

    /// <summary>The true value swings by so many units, with a period.</summary>
    Swing = 3,

    /// <summary>The noise becomes so many times as large.</summary>
    Noise = 4,

    /// <summary>The sensor reads so many deviations of its noise too much.</summary>
    Drift = 5,

    /// <summary>One reading in eight is off by so many deviations of its noise, to either side.</summary>
    Spikes = 6,

    /// <summary>The sensor repeats its last value.</summary>
    Stuck = 7,

    /// <summary>The sensor repeats its last so many values, again and again.</summary>
    Pattern = 8,

    /// <summary>The sensor reads a place of its range: -0.1 is a tenth of the span below it, an open circuit.</summary>
    Pinned = 9,

    /// <summary>The reading is multiplied: a wrong unit or ratio after a service.</summary>
    Scale = 10,

    /// <summary>This part of the samples is missing; 1 is silence.</summary>
    DropOut = 11,

    /// <summary>The gateway's clock gains so many seconds a day.</summary>
    ClockDrift = 12,

    /// <summary>The gateway's clock is set so many seconds ahead.</summary>
    ClockStep = 13,

    /// <summary>The gateway's clock loses its time and counts from 1970.</summary>
    ClockReset = 14,
}
