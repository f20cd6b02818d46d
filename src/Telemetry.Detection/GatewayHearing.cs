namespace Telemetry.Detection;

/// <summary>When anything of a gateway was last heard, by <see cref="LaneClock.Listening"/>.</summary>
internal sealed class GatewayHearing
{
    /// <summary>Nanoseconds.</summary>
    public long LastHeard { get; private set; }

    /// <summary>Something of it was heard.</summary>
    public void Hear(long listening) => LastHeard = Math.Max(LastHeard, listening);
}
