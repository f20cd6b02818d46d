namespace Telemetry.Payloads;

/// <summary>Where the tag keys of the line being read stand, to find one that comes twice.</summary>
internal sealed class TagTable
{
    /// <summary>Tags in one line: the comparison of all keys stays below 40,000 steps.</summary>
    public const int CountMax = 256;

    private readonly (int Start, int Bytes)[] _keys = new (int Start, int Bytes)[CountMax];

    public int Count { get; private set; }

    public bool IsFull => Count == CountMax;

    public void Clear() => Count = 0;

    /// <summary>Adds a key.</summary>
    /// <returns>False when it is there already.</returns>
    public bool TryAdd(ReadOnlySpan<byte> text, int start, int bytes)
    {
        ReadOnlySpan<byte> key = text.Slice(start, bytes);
        for (int i = 0; i < Count; i++)
        {
            if (_keys[i].Bytes == bytes && text.Slice(_keys[i].Start, bytes).SequenceEqual(key))
            {
                return false;
            }
        }

        _keys[Count++] = (start, bytes);
        return true;
    }
}
