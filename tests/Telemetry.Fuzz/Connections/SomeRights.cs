using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Fuzz;

/// <summary>
/// Takes everybody but a few, and denies one topic and one filter, so that refusals are among the answers.
/// </summary>
internal sealed class SomeRights : IAuthenticator, IClientRights
{
    private const int BadFirstByteMax = 15; // of a password; one in sixteen that are random

    private readonly Admission _admission;

    public SomeRights() => _admission = Admission.Anonymous with { Rights = this };

    public bool MayPublish(ReadOnlySpan<byte> topic) => !topic.SequenceEqual("g"u8);

    public bool MaySubscribe(ReadOnlySpan<byte> filter) => !filter.SequenceEqual("g"u8);

    public async ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return credentials.Password is [<= BadFirstByteMax, ..]
            ? Admission.Refused(AuthenticationOutcome.BadUserNameOrPassword)
            : _admission;
    }
}
