using System.Net;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Service;

/// <summary>
/// For conformance suites (<c>--profile conformance</c>): one topic that nobody may subscribe to, by which they see how
/// a refusal is told.
/// </summary>
internal sealed class ConformanceAuthenticator(IAuthenticator inner) : IAuthenticator
{
    private static ReadOnlySpan<byte> Refused => "test/nosubscribe"u8;

    public async ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken)
    {
        Admission admission = await inner.AuthenticateAsync(credentials, cancellationToken);
        return admission with { Rights = new AllButOne(admission.Rights) };
    }

    public IClientRights? FindRights(string identity, string clientIdentifier) =>
        inner.FindRights(identity, clientIdentifier);

    public void OnDisconnected(string? identity, string clientIdentifier, IPAddress? address, string reason) =>
        inner.OnDisconnected(identity, clientIdentifier, address, reason);

    private sealed class AllButOne(IClientRights inner) : IClientRights
    {
        public bool IsInForce => inner.IsInForce;

        public bool MayPublish(ReadOnlySpan<byte> topic) => inner.MayPublish(topic);

        public bool MaySubscribe(ReadOnlySpan<byte> filter) =>
            !filter.SequenceEqual(Refused) && inner.MaySubscribe(filter);
    }
}
