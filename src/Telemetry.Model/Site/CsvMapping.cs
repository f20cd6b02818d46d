namespace Telemetry.Model;

/// <summary>What the cells of a CSV line are.</summary>
public sealed record CsvMapping
{
    /// <summary>
    /// Names of the columns in their order; an empty one is passed over. None at all: fields are called by their place.
    /// </summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The column that is the time; empty for none.</summary>
    public string Time { get; init; } = "";

    /// <summary>The column that is the quality of the line; empty for none.</summary>
    public string Quality { get; init; } = "";

    /// <summary>The columns that are tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What parts the cells; null: the first of tab, semicolon and comma that stands in the line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether numbers are written with a decimal comma.</summary>
    public bool HasDecimalComma { get; init; }

    /// <summary>Whether the first line of each payload names the columns and is passed over.</summary>
    public bool HasHeader { get; init; }

    /// <summary>Unit of numeric times; null: the magnitude names it.</summary>
    public TimePrecision? Precision { get; init; }

    /// <summary>Minutes east of UTC of times that name no zone; null: such a time is refused.</summary>
    public int? ZoneMinutes { get; init; }
}
