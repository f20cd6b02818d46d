namespace Telemetry.Access;

/// <summary>How a CONNECT was judged.</summary>
public enum AccessReason
{
    /// <summary>Let in by its password.</summary>
    Password,

    /// <summary>Let in by its certificate.</summary>
    Certificate,

    /// <summary>Let in without a name.</summary>
    Anonymous,

    /// <summary>Refused: it has no name, and needs one here.</summary>
    NameMissing,

    /// <summary>Refused: there is no such identity.</summary>
    UnknownName,

    /// <summary>Refused: the password is wrong.</summary>
    WrongPassword,

    /// <summary>Refused: no identity has a name of its certificate.</summary>
    UnknownCertificate,

    /// <summary>Refused: its user name and its certificate are of two identities.</summary>
    NameMismatch,

    /// <summary>Refused: the identity is revoked.</summary>
    Revoked,

    /// <summary>Refused unseen: too many attempts from there have failed.</summary>
    TooManyAttempts,

    /// <summary>Refused unseen: too many passwords are waiting to be hashed.</summary>
    Busy,
}

/// <summary>The words for <see cref="AccessReason"/> in metrics and in the audit log.</summary>
public static class AccessReasonText
{
    /// <summary>One word.</summary>
    public static string Of(AccessReason reason) => reason switch
    {
        AccessReason.Password => "password",
        AccessReason.Certificate => "certificate",
        AccessReason.Anonymous => "anonymous",
        AccessReason.NameMissing => "name_missing",
        AccessReason.UnknownName => "unknown_name",
        AccessReason.WrongPassword => "wrong_password",
        AccessReason.UnknownCertificate => "unknown_certificate",
        AccessReason.NameMismatch => "name_mismatch",
        AccessReason.Revoked => "revoked",
        AccessReason.TooManyAttempts => "too_many_attempts",
        AccessReason.Busy => "busy",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "BUG: a reason without a word"),
    };

    /// <summary>Whether the client was let in.</summary>
    public static bool IsAccepted(AccessReason reason) => reason <= AccessReason.Anonymous;
}
