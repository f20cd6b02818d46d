namespace Telemetry.Mqtt.Pipelines;

/// <summary>The answer of an <see cref="IAuthenticator"/>.</summary>
public enum AuthenticationOutcome
{
    /// <summary>The client may connect.</summary>
    Accepted,

    /// <summary>User name or password are wrong (reason 0x86, 3.1.1 return code 4).</summary>
    BadUserNameOrPassword,

    /// <summary>The user is known and may not connect here (reason 0x87, 3.1.1 return code 5).</summary>
    NotAuthorized,

    /// <summary>Too many are being judged at once: the client is to try again (reason 0x89, 3.1.1 code 3).</summary>
    Busy,
}
