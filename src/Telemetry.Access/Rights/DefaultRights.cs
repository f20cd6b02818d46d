namespace Telemetry.Access;

/// <summary>What a new gateway may do unless it is told otherwise: speak and be spoken to under its own name.</summary>
public static class DefaultRights
{
    /// <summary>Topics below its name, and where Telegraf and Sparkplug put the name.</summary>
    public static IReadOnlyList<string> Publish { get; } = ["%u/#", "telegraf/+/%u/#", "spBv1.0/+/+/%u/#"];

    /// <summary>What is sent to it, and whether its Sparkplug host is there.</summary>
    public static IReadOnlyList<string> Subscribe { get; } = ["%u/#", "spBv1.0/+/+/%u/#", "spBv1.0/STATE/+"];
}
