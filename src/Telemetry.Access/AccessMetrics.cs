namespace Telemetry.Access;

/// <summary>What this room counts since its start. Reading is free and may be a moment old.</summary>
public sealed class AccessMetrics
{
    private readonly long[] _judged = new long[Enum.GetValues<AccessReason>().Length];
    private long _cacheHits;
    private long _hashes;
    private long _deniedPublishes;
    private long _deniedSubscribes;
    private long _auditDropped;

    /// <summary>Passwords found right without hashing.</summary>
    public long CacheHits => Interlocked.Read(ref _cacheHits);

    /// <summary>Passwords hashed.</summary>
    public long Hashes => Interlocked.Read(ref _hashes);

    /// <summary>Messages an identity was not allowed to publish.</summary>
    public long DeniedPublishes => Interlocked.Read(ref _deniedPublishes);

    /// <summary>Subscriptions an identity was not allowed to make.</summary>
    public long DeniedSubscribes => Interlocked.Read(ref _deniedSubscribes);

    /// <summary>Audit entries lost because the queue was full or the disk refused them.</summary>
    public long AuditDropped => Interlocked.Read(ref _auditDropped);

    /// <summary>CONNECT packets judged in one way.</summary>
    public long Judged(AccessReason reason) => Interlocked.Read(ref _judged[(int)reason]);

    internal void OnJudged(AccessReason reason) => Interlocked.Increment(ref _judged[(int)reason]);

    internal void OnCacheHit() => Interlocked.Increment(ref _cacheHits);

    internal void OnHash() => Interlocked.Increment(ref _hashes);

    internal void OnDeniedPublish() => Interlocked.Increment(ref _deniedPublishes);

    internal void OnDeniedSubscribe() => Interlocked.Increment(ref _deniedSubscribes);

    internal void OnAuditDropped(int count) => Interlocked.Add(ref _auditDropped, count);
}
