using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>Classes as reports and files name them.</summary>
public static class FindingWords
{
    /// <summary>The word, which is that of the simulated mine's labels too.</summary>
    public static string Of(FindingClass origin) => origin switch
    {
        FindingClass.Sensor => "sensor",
        FindingClass.Gateway => "gateway",
        _ => "process",
    };
}
