using Microsoft.Extensions.Logging;

namespace Telemetry.Access;

/// <summary>What this room says; event ids 1900 to 1999.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(1900, LogLevel.Information, "identities read from '{Path}': {Count} are in force")]
    public static partial void IdentitiesRead(this ILogger log, string path, int count);

    [LoggerMessage(1901, LogLevel.Error,
        "cannot take the identities of '{Path}': {Cause}; the {Count} of before stay in force")]
    public static partial void IdentitiesRefused(this ILogger log, string path, string cause, int count);

    [LoggerMessage(1902, LogLevel.Information,
        "identity '{Identity}' is revoked, or proves itself otherwise now; its connections are closed")]
    public static partial void IdentityWithdrawn(this ILogger log, string identity);

    [LoggerMessage(1903, LogLevel.Warning,
        "cannot judge further attempts from {Source}: {Failures} failed within a minute, at most {Max} are judged; "
        + "they are refused unseen until the minute is over")]
    public static partial void AttemptsLimited(this ILogger log, string source, int failures, int max);

    [LoggerMessage(1904, LogLevel.Error,
        "cannot write the audit log '{Path}': {Cause}; {Lost} entries are lost, and more while this lasts")]
    public static partial void AuditLost(this ILogger log, string path, string cause, int lost);
}
