using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>How a client wants its answer.</summary>
public sealed record ResultOptions
{
    /// <summary>Rows of one chunk when the client names no number.</summary>
    public const int ChunkRowsDefault = 10_000;

    /// <summary>Unit in which times are whole numbers; null for RFC 3339 text.</summary>
    public TimePrecision? Epoch { get; init; }

    /// <summary>Indented JSON.</summary>
    public bool Pretty { get; init; }

    /// <summary>Rows of one chunk; 0 for one answer in one piece.</summary>
    public int ChunkRows { get; init; }

    /// <summary>
    /// Reads the value of the <c>epoch</c> parameter: ns, u or µ, ms, s, m, h; any other text means ns, as in InfluxDB.
    /// </summary>
    /// <returns>Null for empty text.</returns>
    public static TimePrecision? EpochOf(string? parameter) => parameter switch
    {
        null or "" => null,
        "u" or "µ" => TimePrecision.Microseconds,
        "ms" => TimePrecision.Milliseconds,
        "s" => TimePrecision.Seconds,
        "m" => TimePrecision.Minutes,
        "h" => TimePrecision.Hours,
        _ => TimePrecision.Nanoseconds,
    };
}
