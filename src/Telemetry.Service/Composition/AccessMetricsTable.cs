using Telemetry.Access;
using Telemetry.Ingestion;

namespace Telemetry.Service;

/// <summary>The numbers of Access, as <c>/metrics</c> shows them.</summary>
internal static class AccessMetricsTable
{
    public static IEnumerable<Metric> Of(GatewayAccess access)
    {
        AccessMetrics metrics = access.Metrics;
        foreach (AccessReason reason in Enum.GetValues<AccessReason>())
        {
            string way = AccessReasonText.Of(reason);
            long count = metrics.Judged(reason);
            yield return AccessReasonText.IsAccepted(reason)
                ? new("telemetry_access_accepted_total", "Clients let in.", count, $"by=\"{way}\"")
                : new("telemetry_access_refused_total", "Clients refused.", count, $"reason=\"{way}\"");
        }

        yield return new("telemetry_access_hashes_total", "Passwords hashed.", metrics.Hashes);
        yield return new("telemetry_access_hashes_waiting", "Passwords waiting to be hashed.", access.HashesWaiting);
        yield return new(
            "telemetry_access_cache_hits_total", "Passwords found right without hashing.", metrics.CacheHits);
        const string denied = "telemetry_access_denied_total";
        const string help = "What identities were not allowed to do.";
        yield return new(denied, help, metrics.DeniedPublishes, "action=\"publish\"");
        yield return new(denied, help, metrics.DeniedSubscribes, "action=\"subscribe\"");
        yield return new("telemetry_access_audit_dropped_total", "Audit entries lost.", metrics.AuditDropped);
        yield return new("telemetry_access_identities", "Identities in force.", access.Identities.Identities.Count);
    }
}
