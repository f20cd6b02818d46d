namespace Telemetry.Fuzz;

/// <summary>How the inputs went: a fuzzer whose packets all fall at the first field finds nothing.</summary>
internal sealed class FramerCounts
{
    private readonly long[] _taken = new long[16];
    private readonly long[] _refused = new long[16];
    private readonly long[] _reasons = new long[256];

    public long Inputs { get; set; }

    public long Bytes { get; set; }

    /// <summary>A packet was framed and read.</summary>
    public void Note(PacketType type, MalformedReason reason)
    {
        (reason == MalformedReason.None ? _taken : _refused)[(int)type]++;
        Note(reason);
    }

    /// <summary>The stream ended with this.</summary>
    public void Note(MalformedReason reason) => _reasons[(int)reason]++;

    public void Add(FramerCounts other)
    {
        Inputs += other.Inputs;
        Bytes += other.Bytes;
        Add(_taken, other._taken);
        Add(_refused, other._refused);
        Add(_reasons, other._reasons);
    }

    public void WriteTo(TextWriter output)
    {
        for (var type = PacketType.Connect; type <= PacketType.Auth; type++)
        {
            output.WriteLine($"  {type,-12} taken {_taken[(int)type],14:N0}   refused {_refused[(int)type],14:N0}");
        }

        foreach (MalformedReason reason in Enum.GetValues<MalformedReason>())
        {
            output.WriteLine($"  {reason,-34} {_reasons[(int)reason],14:N0}");
        }
    }

    private static void Add(long[] sums, long[] others)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += others[i];
        }
    }
}
