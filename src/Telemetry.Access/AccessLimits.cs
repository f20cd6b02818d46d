namespace Telemetry.Access;

/// <summary>The ceilings of this room (law L6), each with the memory or time it stands for.</summary>
public static class AccessLimits
{
    /// <summary>Identities in the file; about 1 KB each in memory.</summary>
    public const int IdentitiesMax = 20_000;

    /// <summary>Bytes of the identity file: <see cref="IdentitiesMax"/> with generous rights.</summary>
    public const int FileBytesMax = 32 * 1024 * 1024;

    /// <summary>Publish filters, subscribe filters or certificate names of one identity: tried in turn.</summary>
    public const int FiltersPerIdentityMax = 64;

    /// <summary>Characters of an identity's name.</summary>
    public const int NameCharactersMax = 128;

    /// <summary>Bytes of a password that is looked at: PBKDF2 itself takes any length.</summary>
    public const int PasswordBytesMax = 1_024;

    /// <summary>Threads that hash passwords: a storm must leave cores to those that are connected.</summary>
    public const int HashWorkers = 2;

    /// <summary>
    /// Passwords waiting for a hash worker. At 10,000 iterations a worker does some 300 per second, so the last one
    /// waits less than the connect time-out.
    /// </summary>
    public const int HashQueueMax = 1_024;

    /// <summary>Failed attempts of one user name from one address per minute.</summary>
    public const int FailuresPerNameMax = 10;

    /// <summary>Failed attempts from one address per minute: a site's gateways may share one behind a router.</summary>
    public const int FailuresPerAddressMax = 100;

    /// <summary>Addresses, and pairs of address and name, whose failures are counted; 100 bytes each.</summary>
    public const int FailureEntriesMax = 10_000;

    /// <summary>Bytes of the audit log before it becomes <c>audit.1.jsonl</c>; both together are kept.</summary>
    public const long AuditBytesMax = 16 * 1024 * 1024;

    /// <summary>Audit entries waiting to be written.</summary>
    public const int AuditQueueMax = 4_096;

    /// <summary>Denials, by identity and topic, of which one per minute is written; some 200 bytes each.</summary>
    public const int DenialEntriesMax = 10_000;

    /// <summary>Refusals of which the last is remembered; some 1 KB each.</summary>
    public const int RecentRefusalsMax = 1_000;
}
