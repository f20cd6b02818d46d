using Telemetry.Buffers;

namespace Telemetry.Ingestion;

/// <summary>What became of the points that a sink has dealt with; the sink's part of the ledger.</summary>
public record struct SinkCounts
{
    /// <summary>Points of all batches that are done with.</summary>
    public long Points { get; set; }

    /// <summary>Points the server took.</summary>
    public long Stored { get; set; }

    /// <summary>Points the server refused one by one.</summary>
    public long Refused { get; set; }

    /// <summary>Points the server dropped, being older than it keeps.</summary>
    public long BeyondRetention { get; set; }

    /// <summary>Points that were not sent, for the server would lose or refuse them, or end on them.</summary>
    public long Withheld { get; set; }

    /// <summary>Points that nobody measured, which are not sent.</summary>
    public long NotMeasured { get; set; }

    /// <summary>
    /// Samples from the embedded store for what the spool let go of, whatever became of them; those points are in none
    /// of the other counts.
    /// </summary>
    public long Refilled { get; set; }

    /// <summary>Points that are in no count but the first; not 0 is a bug.</summary>
    public readonly long Off => Points - Stored - Refused - BeyondRetention - Withheld - NotMeasured;

    /// <summary>Adds all counts of another.</summary>
    public void Add(in SinkCounts other)
    {
        Points += other.Points;
        Stored += other.Stored;
        Refused += other.Refused;
        BeyondRetention += other.BeyondRetention;
        Withheld += other.Withheld;
        NotMeasured += other.NotMeasured;
        Refilled += other.Refilled;
    }

    internal readonly void Write(StateWriter writer)
    {
        writer.Int64(Points);
        writer.Int64(Stored);
        writer.Int64(Refused);
        writer.Int64(BeyondRetention);
        writer.Int64(Withheld);
        writer.Int64(NotMeasured);
        writer.Int64(Refilled);
    }

    internal static SinkCounts Read(ref StateReader reader) => new()
    {
        Points = reader.Int64(),
        Stored = reader.Int64(),
        Refused = reader.Int64(),
        BeyondRetention = reader.Int64(),
        Withheld = reader.Int64(),
        NotMeasured = reader.Int64(),
        Refilled = reader.Int64(),
    };
}
