namespace Telemetry.EndToEnd.Tests;

/// <summary>All tests here run one after the other: each has a service of its own and wants the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "One at a time";
}
