using System.Diagnostics.CodeAnalysis;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>Compares topic names as bytes, so that tables can be asked with a span.</summary>
internal sealed class TopicComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    /// <summary>The only instance.</summary>
    public static readonly TopicComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] byte[] topic) => GetHashCode((ReadOnlySpan<byte>)topic);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode); // seeded per process: a peer cannot choose colliding topics
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
