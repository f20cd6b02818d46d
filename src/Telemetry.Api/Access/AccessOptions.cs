namespace Telemetry.Api;

/// <summary>Who may use the HTTP interface.</summary>
public sealed class AccessOptions
{
    /// <summary>
    /// The token every request from off the machine must carry; empty: only requests from this machine are answered.
    /// </summary>
    public string Token { get; set; } = "";
}
