using System.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>Values by names in UTF-8, looked up without making a string.</summary>
internal sealed class Utf8Table<T>
{
    private readonly Dictionary<byte[], T> _entries = new(Comparer.Instance);
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;

    public Utf8Table(IEnumerable<KeyValuePair<string, T>> entries)
    {
        foreach ((string name, T value) in entries)
        {
            _entries[Encoding.UTF8.GetBytes(name)] = value;
        }

        _bySpan = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public bool IsEmpty => _entries.Count == 0;

    public bool TryFind(ReadOnlySpan<byte> name, out T? value)
    {
        value = default;
        return !IsEmpty && _bySpan.TryGetValue(name, out value);
    }

    private sealed class Comparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Comparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => (int)KeyHash.Of(obj);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)KeyHash.Of(alternate);
    }
}
