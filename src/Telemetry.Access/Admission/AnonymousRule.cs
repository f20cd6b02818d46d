namespace Telemetry.Access;

/// <summary>Where clients without a name are let in.</summary>
public enum AnonymousRule
{
    /// <summary>From this machine only.</summary>
    OnLoopback,

    /// <summary>From everywhere.</summary>
    Everywhere,

    /// <summary>From nowhere.</summary>
    Nowhere,
}
