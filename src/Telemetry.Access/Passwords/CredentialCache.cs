using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Access;

/// <summary>
/// Which password was last found right for an identity, as an HMAC under a key of this process: a gateway that comes
/// back costs a microsecond instead of a hash. The stored hash is part of it, so a changed password is not found here.
/// One entry per identity, so the identity file's ceiling is the cache's.
/// </summary>
internal sealed class CredentialCache
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<string, byte[]> _verified = new(StringComparer.Ordinal);

    /// <summary>Whether this password was found right for this identity and hash.</summary>
    public bool Knows(string identity, PasswordHash hash, ReadOnlySpan<byte> password) =>
        _verified.TryGetValue(identity, out byte[]? tag)
        && CryptographicOperations.FixedTimeEquals(tag, TagOf(identity, hash, password));

    /// <summary>A password was found right.</summary>
    public void Add(string identity, PasswordHash hash, ReadOnlySpan<byte> password) =>
        _verified[identity] = TagOf(identity, hash, password);

    /// <summary>An identity has no password any more, or another one.</summary>
    public void Forget(string identity) => _verified.TryRemove(identity, out _);

    private byte[] TagOf(string identity, PasswordHash hash, ReadOnlySpan<byte> password)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{identity}\n{hash.Text}\n")); // neither of them holds a line feed
        mac.AppendData(password);
        return mac.GetHashAndReset();
    }
}
