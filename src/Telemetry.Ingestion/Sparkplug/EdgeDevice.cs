using Telemetry.Buffers;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>A device of an edge node, or with an empty name the node's own metrics.</summary>
internal sealed class EdgeDevice(byte[] name)
{
    public byte[] Name { get; } = name;

    /// <summary>
    /// What its last birth defined; kept after a death for those who ask, and until the next birth nothing is decoded
    /// by it.
    /// </summary>
    public BirthTable? Births { get; private set; }

    /// <summary>True while the births hold: the session of the node that brought them goes on.</summary>
    public bool IsBorn { get; private set; }

    /// <summary>True from a birth to the death.</summary>
    public bool IsOnline { get; private set; }

    /// <summary>When it was born or died last, nanoseconds since 1970.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>What the last birth says of when it was sent, in milliseconds since 1970; 0 when nothing.</summary>
    public ulong SentMilliseconds { get; private set; }

    /// <summary>The topic of its last birth, from which the series of its metrics is made.</summary>
    public byte[] Topic { get; private set; } = [];

    /// <summary>A birth.</summary>
    /// <returns>
    /// True when what was held may be read by it: in the same life no alias meant anything else before.
    /// </returns>
    public bool Begin(BirthTable births, in SparkplugHeader header, ReadOnlySpan<byte> topic, long time)
    {
        bool keepsMeanings = !IsOnline || Births is null || births.KeepsMeaningsOf(Births);
        Births?.Release();
        Births = births;
        SentMilliseconds = header.TimeMilliseconds ?? 0;
        Topic = topic.SequenceEqual(Topic) ? Topic : topic.ToArray();
        (IsBorn, IsOnline, ChangedAt) = (true, true, time);
        return keepsMeanings;
    }

    /// <summary>The node's session is another one: the births hold no more.</summary>
    public void EndSession() => IsBorn = false;

    public void Die(long time) => (IsBorn, IsOnline, ChangedAt) = (false, false, time);

    public void Save(scoped in StateWriter writer)
    {
        writer.Block(Name);
        writer.Block(Topic);
        writer.Flag(IsBorn);
        writer.Flag(IsOnline);
        writer.Int64(ChangedAt);
        writer.Int64((long)SentMilliseconds);
        writer.Flag(Births is not null);
        Births?.Save(writer);
    }

    public static EdgeDevice Restore(scoped ref StateReader reader, SparkplugBudget budget)
    {
        var device = new EdgeDevice(reader.Block().ToArray())
        {
            Topic = reader.Block().ToArray(),
            IsBorn = reader.Flag(),
            IsOnline = reader.Flag(),
            ChangedAt = reader.Int64(),
            SentMilliseconds = (ulong)reader.Int64(),
        };
        if (reader.Flag())
        {
            device.Births = new BirthTable(budget);
            device.Births.Restore(ref reader);
        }

        return device;
    }
}
