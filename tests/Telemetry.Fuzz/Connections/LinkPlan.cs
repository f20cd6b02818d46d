namespace Telemetry.Fuzz;

/// <summary>What a connection of a script is opened with.</summary>
internal sealed record LinkPlan(ProtocolLevel Level, int OutPipeBytes);
