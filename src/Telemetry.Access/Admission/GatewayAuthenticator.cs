using System.Net;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Access;

/// <summary>
/// Judges CONNECT packets by the identities in force: certificate first, then user name and password, else anonymous
/// where that is allowed. What costs a hash stands behind the limiter and the queue.
/// </summary>
internal sealed class GatewayAuthenticator : IAuthenticator
{
    private readonly IdentityWatch _identities;
    private readonly AnonymousRule _anonymous;
    private readonly CredentialCache _cache;
    private readonly HashQueue _hashes;
    private readonly AttemptLimiter _failuresOfNames;
    private readonly AttemptLimiter _failuresOfAddresses;
    private readonly AuditLog _audit;
    private readonly DenialAudit _denials;
    private readonly AccessMetrics _metrics;

    public GatewayAuthenticator(IdentityWatch identities, AnonymousRule anonymous, AuthenticatorParts parts)
    {
        _identities = identities;
        _anonymous = anonymous;
        _cache = parts.Cache;
        _hashes = parts.Hashes;
        _failuresOfNames = parts.FailuresOfNames;
        _failuresOfAddresses = parts.FailuresOfAddresses;
        _audit = parts.Audit;
        _denials = parts.Denials;
        _metrics = parts.Metrics;
    }

    /// <inheritdoc/>
    public async ValueTask<Admission> AuthenticateAsync(
        ConnectCredentials credentials, CancellationToken cancellationToken)
    {
        if (credentials is { UserName: "", Password: null or { Length: 0 } })
        {
            // Clients that always send both mean nobody by it.
            credentials = credentials with { UserName = null, Password = null };
        }

        Verdict verdict = await JudgeAsync(credentials, cancellationToken);
        AccessReason reason = verdict.Reason;
        string? identity = verdict.Identity?.Name;
        _metrics.OnJudged(reason);
        _audit.OnJudged(
            reason, identity ?? KnownName(credentials), credentials.ClientIdentifier, credentials.RemoteAddress);
        if (!AccessReasonText.IsAccepted(reason))
        {
            return Admission.Refused(OutcomeOf(reason));
        }

        IClientRights rights = verdict.Identity is null
            ? AnonymousRights.Instance
            : RightsOf(verdict.Identity, credentials.ClientIdentifier);
        return new Admission(AuthenticationOutcome.Accepted, identity, rights);
    }

    /// <inheritdoc/>
    public IClientRights? FindRights(string identity, string clientIdentifier) =>
        _identities.Current.Find(identity) is { IsRevoked: false } known ? RightsOf(known, clientIdentifier) : null;

    /// <inheritdoc/>
    public void OnDisconnected(string? identity, string clientIdentifier, IPAddress? address, string reason) =>
        _audit.OnDisconnected(identity, clientIdentifier, address, reason);

    private GatewayRights RightsOf(GatewayIdentity identity, string clientIdentifier) =>
        new(() => _identities.Current, identity, clientIdentifier, _denials);

    private static AuthenticationOutcome OutcomeOf(AccessReason reason) => reason switch
    {
        AccessReason.UnknownName or AccessReason.WrongPassword => AuthenticationOutcome.BadUserNameOrPassword,
        AccessReason.Busy => AuthenticationOutcome.Busy,
        _ => AuthenticationOutcome.NotAuthorized,
    };

    private async ValueTask<Verdict> JudgeAsync(ConnectCredentials credentials, CancellationToken cancellation)
    {
        IdentityTable table = _identities.Current;
        if (credentials.Certificate is { } certificate)
        {
            GatewayIdentity? identity = CertificateNames.Of(certificate)
                .Select(table.FindByCertificate)
                .FirstOrDefault(found => found is not null);
            if (identity is not null)
            {
                return JudgeCertificate(identity, credentials.UserName);
            }

            if (credentials.UserName is null)
            {
                return new Verdict(AccessReason.UnknownCertificate, null);
            }
        }

        if (credentials.UserName is { } name)
        {
            return await JudgePasswordAsync(table, name, credentials, cancellation);
        }

        return new Verdict(MayBeAnonymous(credentials) ? AccessReason.Anonymous : AccessReason.NameMissing, null);
    }

    private static Verdict JudgeCertificate(GatewayIdentity identity, string? userName)
    {
        if (identity.IsRevoked)
        {
            return new Verdict(AccessReason.Revoked, identity);
        }

        bool isAnother = userName is not null && userName != identity.Name;
        return new Verdict(isAnother ? AccessReason.NameMismatch : AccessReason.Certificate, identity);
    }

    private async ValueTask<Verdict> JudgePasswordAsync(
        IdentityTable table, string name, ConnectCredentials credentials, CancellationToken cancellation)
    {
        string address = PeerAddress.SourceOf(credentials.RemoteAddress);
        string pair = $"{address} as '{SafeName(name)}'";
        if (_failuresOfAddresses.IsLimited(address) || _failuresOfNames.IsLimited(pair))
        {
            return new Verdict(AccessReason.TooManyAttempts, table.Find(name));
        }

        Verdict verdict = await MatchAsync(table.Find(name), credentials.Password ?? [], cancellation);
        if (verdict.Reason is AccessReason.UnknownName or AccessReason.WrongPassword or AccessReason.Revoked)
        {
            _failuresOfAddresses.OnFailure(address);
            _failuresOfNames.OnFailure(pair);
        }

        return verdict;
    }

    private async ValueTask<Verdict> MatchAsync(
        GatewayIdentity? identity, byte[] password, CancellationToken cancellation)
    {
        // Names are no secrets: they stand in topics. So an unknown one is refused at once and costs no hash.
        if (identity is null)
        {
            return new Verdict(AccessReason.UnknownName, null);
        }

        if (identity.IsRevoked)
        {
            return new Verdict(AccessReason.Revoked, identity);
        }

        if (identity.Password is not { } hash || password.Length > AccessLimits.PasswordBytesMax)
        {
            return new Verdict(AccessReason.WrongPassword, identity);
        }

        if (_cache.Knows(identity.Name, hash, password))
        {
            _metrics.OnCacheHit();
            return new Verdict(AccessReason.Password, identity);
        }

        if (_hashes.TryMatch(hash, password, cancellation) is not { } matching)
        {
            return new Verdict(AccessReason.Busy, identity);
        }

        _metrics.OnHash();
        if (!await matching)
        {
            return new Verdict(AccessReason.WrongPassword, identity);
        }

        if (identity.IsWithdrawnBy(_identities.Current.Find(identity.Name)))
        {
            return new Verdict(AccessReason.Revoked, identity); // it came meanwhile
        }

        _cache.Add(identity.Name, hash, password);
        return new Verdict(AccessReason.Password, identity);
    }

    private bool MayBeAnonymous(ConnectCredentials credentials) => credentials.Password is null && _anonymous switch
    {
        AnonymousRule.Everywhere => true,
        AnonymousRule.OnLoopback => PeerAddress.IsLoopback(credentials.RemoteAddress),
        _ => false,
    };

    /// <summary>A user name that is shown to others: what is no name may be a password in the wrong field.</summary>
    private static string SafeName(string name) => GatewayIdentity.IsName(name) ? name : "?";

    private string? KnownName(ConnectCredentials credentials) =>
        credentials.UserName is { } name ? _identities.Current.Find(name)?.Name ?? "?" : null;

    private readonly record struct Verdict(AccessReason Reason, GatewayIdentity? Identity);
}

/// <summary>What the authenticator judges with.</summary>
internal sealed record AuthenticatorParts(
    CredentialCache Cache,
    HashQueue Hashes,
    AttemptLimiter FailuresOfNames,
    AttemptLimiter FailuresOfAddresses,
    AuditLog Audit,
    DenialAudit Denials,
    AccessMetrics Metrics);
