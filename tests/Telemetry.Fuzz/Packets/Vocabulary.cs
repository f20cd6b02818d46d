namespace Telemetry.Fuzz;

/// <summary>
/// The names and texts of packets. Wide: any text, for decoders. Narrow: few topics, clients and identifiers, so that
/// the packets of a script have to do with each other.
/// </summary>
internal sealed class Vocabulary(FuzzRandom random, bool isNarrow)
{
    private const int LevelCountMax = 200; // of a topic, as this product takes them

    private static readonly byte[][] Pieces =
        [.. new[] { "a", "b7", "sensor", "é", "温度", "𝄞", "-", " ", "_x", "%", "temperature" }.Select(Utf8)];

    private static readonly byte[][] BrokenTexts =
    [
        [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [(byte)'a', 0x80], [0xE2, 0x82], [0x00],
    ];

    private static readonly byte[][] BrokenTopics =
        [.. new[] { "a/+", "#", "a#", "+", "a\u0007b", "\u0085" }.Select(Utf8), [0xFF], [0x00], [0xED, 0xBF, 0xBF]];

    private static readonly byte[][] BrokenFilters =
        [.. new[] { "a#", "#/a", "a+", "+a/b", "a/#b", "", "a\u0007" }.Select(Utf8), [0xFF], [0x00]];

    private static readonly byte[][] Topics =
        [.. new[] { "f/a", "f/b", "f/a/b", "f/a/b/c", "g", "f/", "/", "$SYS/x", "f/温度" }.Select(Utf8)];

    private static readonly byte[][] Filters =
    [
        .. new[]
        {
            "f/a", "f/+", "f/#", "#", "+/a", "+", "f/a/b", "$share/s/f/#", "$share/s/f/a", "$share/t/#", "$SYS/#",
            "g", "f/+/b", "/+",
        }.Select(Utf8),
    ];

    private static readonly byte[][] Clients = [.. Enumerable.Range(0, 12).Select(i => Utf8($"f{i}")), []];

    private readonly PacketBytes _text = new();

    /// <summary>Whose packets they are; with it in their names clients seldom take over those of others.</summary>
    public long Owner { get; set; }

    /// <summary>Whether narrow filters may ask for shared subscriptions.</summary>
    public bool HasShares { get; set; } = true;

    /// <summary>A packet identifier, not 0.</summary>
    public int Identifier() => isNarrow ? random.Between(1, 6) : random.Between(1, ushort.MaxValue);

    /// <summary>A topic name that is one.</summary>
    public ReadOnlySpan<byte> Topic()
    {
        if (isNarrow)
        {
            return random.Pick<byte[]>(Topics);
        }

        _text.Clear();
        AddPieces(1);
        int levels = random.OneIn(2_000) ? random.Between(10, LevelCountMax - 1) : random.Below(4);
        for (int i = 0; i < levels; i++)
        {
            _text.Add((byte)'/');
            AddPieces(0);
        }

        return _text.Written;
    }

    /// <summary>A topic filter that is one; with <c>$share</c> it is told.</summary>
    public ReadOnlySpan<byte> Filter(out bool isShared)
    {
        if (isNarrow)
        {
            ReadOnlySpan<byte> filter = random.Pick<byte[]>(Filters);
            isShared = filter.StartsWith("$share/"u8);
            if (isShared && !HasShares)
            {
                isShared = false;
                return filter["$share/s/"u8.Length..];
            }

            return filter;
        }

        _text.Clear();
        isShared = random.OneIn(6);
        if (isShared)
        {
            _text.Add("$share/g"u8);
            AddPieces(0);
            _text.Add((byte)'/');
        }

        int levels = random.Below(4);
        for (int i = 0; i < levels; i++)
        {
            AddLevel();
            _text.Add((byte)'/');
        }

        if (random.OneIn(3))
        {
            _text.Add((byte)'#');
        }
        else
        {
            AddPieces(1);
        }

        return _text.Written;
    }

    /// <summary>A client identifier; may be empty.</summary>
    public ReadOnlySpan<byte> Client()
    {
        if (isNarrow)
        {
            return random.OneIn(8) ? random.Pick<byte[]>(Clients) : Utf8($"of {Owner} {random.Below(2)}");
        }

        _text.Clear();
        AddPieces(0);
        return _text.Written;
    }

    /// <summary>Any valid text.</summary>
    public ReadOnlySpan<byte> Text()
    {
        _text.Clear();
        if (random.OneIn(50_000))
        {
            while (_text.Count < 64_000)
            {
                AddPieces(1);
            }
        }

        AddPieces(0);
        return _text.Written;
    }

    /// <summary>Any bytes, mostly few.</summary>
    public ReadOnlySpan<byte> Binary()
    {
        _text.Clear();
        int bytes = random.Below(64) switch
        {
            0 => random.Below(2_000),
            < 16 => 0,
            _ => random.Below(24),
        };
        for (; bytes > 0; bytes--)
        {
            _text.Add(random.NextByte());
        }

        return _text.Written;
    }

    /// <summary>What is no UTF-8 text.</summary>
    public ReadOnlySpan<byte> BrokenText() => random.Pick<byte[]>(BrokenTexts);

    /// <summary>What is no topic name.</summary>
    public ReadOnlySpan<byte> BrokenTopic()
    {
        if (!random.OneIn(8))
        {
            return random.Pick<byte[]>(BrokenTopics);
        }

        _text.Clear();
        for (int i = 0; i < LevelCountMax; i++)
        {
            _text.Add((byte)'/');
        }

        return _text.Written;
    }

    /// <summary>What is no topic filter, shared or not.</summary>
    public ReadOnlySpan<byte> BrokenFilter() => random.Pick<byte[]>(BrokenFilters);

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private void AddPieces(int min)
    {
        int count = random.OneIn(400) ? random.Below(60) : min + random.Below(3);
        for (int i = Math.Max(min, count); i > 0; i--)
        {
            _text.Add(random.Pick<byte[]>(Pieces));
        }
    }

    private void AddLevel()
    {
        if (random.OneIn(3))
        {
            _text.Add((byte)'+');
        }
        else
        {
            AddPieces(0);
        }
    }
}
