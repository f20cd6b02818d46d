using Microsoft.Extensions.Logging;
using Telemetry.Mqtt.Pipelines;
using Telemetry.Spool;

namespace Telemetry.Access;

/// <summary>
/// The room, put together: the identities in force, the authenticator over them, and the audit log. The host opens one
/// over the directory <c>access</c> below its data directory.
/// </summary>
public sealed class GatewayAccess : IAsyncDisposable
{
    private readonly IdentityWatch _identities;
    private readonly HashQueue _hashes;

    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory <c>access</c>; made when it is missing.</param>
    /// <param name="anonymous">Where clients without a name are let in.</param>
    /// <param name="disconnect">
    /// Closes all connections of an identity; called on a timer's thread, must not throw or wait.
    /// </param>
    /// <param name="review">
    /// Rights have changed: what is there of sessions is to be held against them; called on a timer's thread, must not
    /// throw or wait.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where this room's logs go.</param>
    /// <exception cref="InvalidDataException">The identity file has a fault, which the message tells.</exception>
    /// <exception cref="IOException">The identity file cannot be read.</exception>
    public GatewayAccess(
        IFileSystem files,
        string directory,
        AnonymousRule anonymous,
        Action<string> disconnect,
        Action<Func<string, string, IClientRights?>> review,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var file = new IdentityFile(files, directory, time);
        _identities = new IdentityWatch(file, time, loggers.CreateLogger<IdentityWatch>());
        _hashes = new HashQueue(AccessLimits.HashWorkers, AccessLimits.HashQueueMax);
        var auditFile = new AuditFile(files, directory, time);
        Audit = new AuditLog(auditFile, Metrics, time, loggers.CreateLogger<AuditLog>());
        var cache = new CredentialCache();
        _identities.Withdrawn += identity =>
        {
            cache.Forget(identity);
            Audit.OnWithdrawn(identity);
            disconnect(identity);
        };
        ILogger log = loggers.CreateLogger<GatewayAccess>();
        Authenticator = new GatewayAuthenticator(_identities, anonymous, new AuthenticatorParts(
            cache,
            _hashes,
            new AttemptLimiter(AccessLimits.FailuresPerNameMax, AccessLimits.FailureEntriesMax, time, log),
            new AttemptLimiter(AccessLimits.FailuresPerAddressMax, AccessLimits.FailureEntriesMax, time, log),
            Audit,
            new DenialAudit(Audit, Metrics, time),
            Metrics));
        _identities.Changed += () => review(Authenticator.FindRights);
        review(Authenticator.FindRights);
    }

    /// <summary>Judges CONNECT packets.</summary>
    public IAuthenticator Authenticator { get; }

    /// <summary>What identities did.</summary>
    public AuditLog Audit { get; }

    /// <summary>What this room counts.</summary>
    public AccessMetrics Metrics { get; } = new();

    /// <summary>The identities in force.</summary>
    public IdentityTable Identities => _identities.Current;

    /// <summary>Passwords waiting to be hashed.</summary>
    public int HashesWaiting => _hashes.Waiting;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _identities.Dispose();
        _hashes.Dispose();
        await Audit.DisposeAsync();
    }
}
