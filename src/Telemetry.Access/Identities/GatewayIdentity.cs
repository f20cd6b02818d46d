using System.Buffers;

namespace Telemetry.Access;

/// <summary>Who may connect, how it proves who it is, and what it may do.</summary>
public sealed record GatewayIdentity
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@");

    /// <summary>The name: its user name, the <c>%u</c> of its rights, and what its messages are kept under.</summary>
    public required string Name { get; init; }

    /// <summary>Its password's hash; null when it has none.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>Names of certificates that prove it: subject alternative names or the subject's common name.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>Patterns of what it may publish to.</summary>
    public IReadOnlyList<string> Publish { get; init; } = [];

    /// <summary>Patterns of what it may subscribe to.</summary>
    public IReadOnlyList<string> Subscribe { get; init; } = [];

    /// <summary>When it was added.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was last given another password; null when never.</summary>
    public DateTimeOffset? Rotated { get; init; }

    /// <summary>When it was revoked; null while it may connect.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whether it may not connect any more.</summary>
    public bool IsRevoked => Revoked is not null;

    /// <summary>
    /// Whether what proved this identity proves it no more, now that the table says <paramref name="now"/> of its name:
    /// it is gone or revoked, or lost its password or a certificate.
    /// </summary>
    public bool IsWithdrawnBy(GatewayIdentity? now) => now is null or { IsRevoked: true }
        || now.Password?.Text != Password?.Text
        || Certificates.Except(now.Certificates, StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>
    /// Whether a text can be a name: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, <c>:</c> and <c>@</c>, so that it
    /// is one topic level, is no wildcard, and needs no quotes anywhere.
    /// </summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= AccessLimits.NameCharactersMax
        && !text.AsSpan().ContainsAnyExcept(NameCharacters);
}
