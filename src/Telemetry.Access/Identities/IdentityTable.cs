using System.Collections.Frozen;

namespace Telemetry.Access;

/// <summary>All identities as they were read at one time; never changes.</summary>
public sealed class IdentityTable
{
    private readonly FrozenDictionary<string, GatewayIdentity> _byName;
    private readonly FrozenDictionary<string, GatewayIdentity> _byCertificate;

    /// <summary>A table of identities whose names and certificate names are each there once.</summary>
    /// <exception cref="ArgumentException">One is there twice.</exception>
    public IdentityTable(IEnumerable<GatewayIdentity> identities)
    {
        GatewayIdentity[] all = [.. identities];
        Identities = all;
        _byName = all.ToFrozenDictionary(identity => identity.Name, StringComparer.Ordinal);
        _byCertificate = all
            .SelectMany(identity => identity.Certificates.Select(name => (Name: name, Identity: identity)))
            .ToFrozenDictionary(pair => pair.Name, pair => pair.Identity, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>No identity.</summary>
    public static IdentityTable Empty { get; } = new([]);

    /// <summary>All, in the file's order.</summary>
    public IReadOnlyList<GatewayIdentity> Identities { get; }

    /// <summary>The identity of a name; null when there is none.</summary>
    public GatewayIdentity? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The identity a certificate's name proves; null when there is none. Case does not matter.</summary>
    public GatewayIdentity? FindByCertificate(string certificateName) =>
        _byCertificate.GetValueOrDefault(certificateName);
}
