using System.Net;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Fuzz;

/// <summary>
/// Takes everybody but a few, gives who has a user name one of three identities, of which one counts as withdrawn, and
/// denies one topic and one filter: refusals of all kinds are among the answers.
/// </summary>
internal sealed class SomeRights : IAuthenticator, IClientRights
{
    private const int BadFirstByteMax = 15; // of a password; one in sixteen that are random
    private static readonly string[] Identities = ["one", "two", "gone"];

    public bool IsInForce => true;

    public bool MayPublish(ReadOnlySpan<byte> topic) => !topic.SequenceEqual("g"u8);

    public bool MaySubscribe(ReadOnlySpan<byte> filter) => !filter.SequenceEqual("g"u8);

    public async ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return credentials.Password is [<= BadFirstByteMax, ..]
            ? Admission.Refused(AuthenticationOutcome.BadUserNameOrPassword)
            : new Admission(AuthenticationOutcome.Accepted, IdentityOf(credentials.UserName), this);
    }

    public IClientRights? FindRights(string identity, string clientIdentifier) => identity == "gone" ? null : this;

    public void OnDisconnected(string? identity, string clientIdentifier, IPAddress? address, string reason)
    {
        // Nobody reads it.
    }

    private static string? IdentityOf(string? userName) =>
        userName is null ? null : Identities[userName.Length % Identities.Length];
}
