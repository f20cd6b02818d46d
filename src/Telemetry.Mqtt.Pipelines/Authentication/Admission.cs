namespace Telemetry.Mqtt.Pipelines;

/// <summary>The answer of an <see cref="IAuthenticator"/> to one CONNECT.</summary>
/// <param name="Outcome">Whether the client may connect.</param>
/// <param name="Identity">
/// Who it is: the gateway's name, which its messages are kept under; null for an anonymous client, which is known by
/// its client identifier.
/// </param>
/// <param name="Rights">What it may do.</param>
public sealed record Admission(AuthenticationOutcome Outcome, string? Identity, IClientRights Rights)
{
    /// <summary>An anonymous client that may do everything.</summary>
    public static Admission Anonymous { get; } = new(AuthenticationOutcome.Accepted, null, AllRights.Instance);

    /// <summary>A client that may not connect.</summary>
    public static Admission Refused(AuthenticationOutcome outcome) => new(outcome, null, AllRights.Instance);
}
