namespace Telemetry.Model;

/// <summary>The product's ceilings (law L6) with the arithmetic behind each; shown at <c>/limits</c>.</summary>
public static class Limits
{
    /// <summary>
    /// Fields known at once. At about 600 B each in catalogue, head and detector: 600 MB at the ceiling.
    /// </summary>
    public const int FieldCountMaxDefault = 1_000_000;

    /// <summary>
    /// Bytes of series keys and field keys known at once; in memory they take about four times that. A million fields
    /// of 100 B each fit twice over, names of 60 KB that someone makes up do not. Sources have as much for themselves.
    /// </summary>
    public const long CatalogueNameBytesMax = 256L * 1024 * 1024;

    /// <summary>
    /// The part of these two ceilings, one in so many, that is kept for the site's signals, and for measurements that
    /// have less than half of what is used: a sender that makes up names does not shut out all others.
    /// </summary>
    public const int CatalogueReserve = 10;

    /// <summary>
    /// Sources of samples (arriving names with their units) known for ever: twice the fields, since names change.
    /// </summary>
    public const int SourceCountMax = 2 * FieldCountMaxDefault;

    /// <summary>Bytes of arriving names that one worker remembers; beyond it they are learned anew.</summary>
    public const long RememberedNameBytesMax = 64L * 1024 * 1024;

    /// <summary>
    /// Fields in one point. The widest known gateway sends some 200; the table of a worker is this long.
    /// </summary>
    public const int FieldsPerPointMax = 4_096;

    /// <summary>Measurement and tags of one arriving series, in bytes; InfluxDB's own ceiling is 65,535.</summary>
    public const int SeriesKeyBytesMax = 65_535;

    /// <summary>
    /// Characters of a name that is compared as people see it; longer ones are compared as they come. The longest known
    /// metric name of a gateway has some 300, and sorting the marks of a name takes the square of them.
    /// </summary>
    public const int VisibleNameCharactersMax = 1_024;

    /// <summary>Characters of a unit; the longest code of UCUM has some 30.</summary>
    public const int UnitCharactersMax = 64;

    /// <summary>
    /// One MQTT control packet, in bytes, from the first byte on, and no setting goes beyond: a day's back-fill of a
    /// logger is below 1 MB, and a read with the packet that straddles it must fit into one block of the spool.
    /// </summary>
    public const int PacketBytesMaxDefault = 4 * 1024 * 1024;

    /// <summary>Nesting of one JSON payload; deeper ones are refused.</summary>
    public const int JsonDepthMax = 64;

    /// <summary>Lanes of the spool, fixed when the data directory is made.</summary>
    public const int LaneCount = 16;
}
