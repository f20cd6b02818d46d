namespace Telemetry.Store.InfluxQl;

/// <summary>What of a field's sample a name asks for; all but the value are written as functions.</summary>
internal enum SampleAspect : byte
{
    Value,
    Quality,
    ArrivalTime,
    RawTime,
    TimeCorrection,
    TimeUncertainty,
    Original,
    OriginalUnit,
    Unit,
    Source,
}

/// <summary>The functions that ask where a value comes from; InfluxDB has none of these names.</summary>
internal static class SampleAspects
{
    private static readonly Dictionary<string, SampleAspect> ByName = new(StringComparer.Ordinal)
    {
        ["quality"] = SampleAspect.Quality,
        ["arrival_time"] = SampleAspect.ArrivalTime,
        ["raw_time"] = SampleAspect.RawTime,
        ["time_correction"] = SampleAspect.TimeCorrection,
        ["time_uncertainty"] = SampleAspect.TimeUncertainty,
        ["original"] = SampleAspect.Original,
        ["original_unit"] = SampleAspect.OriginalUnit,
        ["unit"] = SampleAspect.Unit,
        ["source"] = SampleAspect.Source,
    };

    /// <summary>The aspect a function asks for.</summary>
    public static bool TryRead(string function, out SampleAspect aspect) => ByName.TryGetValue(function, out aspect);

    /// <summary>The function that asks for an aspect.</summary>
    public static string NameOf(SampleAspect aspect) => ByName.First(pair => pair.Value == aspect).Key;

    /// <summary>True when the function gives whole numbers for every field.</summary>
    public static bool IsWhole(SampleAspect aspect) =>
        aspect is >= SampleAspect.Quality and <= SampleAspect.TimeUncertainty;
}
