using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>How exported samples are written.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated, for spreadsheets and statistics programs.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    JsonLines,

    /// <summary>InfluxDB's line protocol with times in nanoseconds.</summary>
    LineProtocol,
}

/// <summary>What is exported, and how.</summary>
/// <param name="Fields">The fields, in the order in which they are written.</param>
/// <param name="From">First instant, nanoseconds since 1970.</param>
/// <param name="To">First instant no longer wanted, nanoseconds since 1970.</param>
/// <param name="Format">How they are written.</param>
/// <param name="IsWide">
/// A row per time with a column per field, in the place of a row per sample; not with line protocol.
/// </param>
/// <param name="Zone">Adds a column of local times with their offsets from UTC; null for none.</param>
/// <param name="WithHeader">Begins with the names of the columns (CSV).</param>
public sealed record ExportRequest(
    IReadOnlyList<Field> Fields,
    long From,
    long To,
    ExportFormat Format,
    bool IsWide,
    TimeZoneInfo? Zone,
    bool WithHeader = true);
