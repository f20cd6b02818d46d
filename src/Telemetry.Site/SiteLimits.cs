namespace Telemetry.Site;

/// <summary>Ceilings of the site file (law L6); <see cref="Model.Limits"/> has those of what it declares.</summary>
public static class SiteLimits
{
    /// <summary>Characters in all files together: the default site has some 60 thousand for 427 signals.</summary>
    public const int FileCharactersMax = 16 * 1024 * 1024;

    /// <summary>Files in <c>site.d</c>; the program writes one for each route it is told to take.</summary>
    public const int FragmentCountMax = 1_000;

    /// <summary>Nesting of the document; the deepest legal place is six levels down.</summary>
    public const int DepthMax = 16;

    /// <summary>Faults kept of one file; a wrong indentation can make thousands.</summary>
    public const int FaultCountMax = 500;

    /// <summary>Characters in one identifier, so that a full series key stays far below its own ceiling.</summary>
    public const int IdentifierCharactersMax = 128;

    /// <summary>Routes; each message may be tried against all of them.</summary>
    public const int RouteCountMax = 1_000;

    /// <summary>Bindings of the site and of all routes; each is compared with all others of its name.</summary>
    public const int BindingCountMax = 10_000;

    /// <summary>Lanes; when the spool has little room each message is tried against all of them.</summary>
    public const int LaneCountMax = 32;

    /// <summary>Topic filters, and gateways, of one lane.</summary>
    public const int LanePatternCountMax = 256;

    /// <summary>Mappings of one route; each reads the whole message.</summary>
    public const int MappingCountMax = 16;

    /// <summary>Tags that one mapping takes from a message.</summary>
    public const int MappingTagCountMax = 16;

    /// <summary>Conditions of one mapping.</summary>
    public const int MappingConditionCountMax = 8;

    /// <summary>Patterns in one list of names, numbers that stand for no reading; each name is tried by all.</summary>
    public const int NamePatternCountMax = 64;

    /// <summary>Entries of one table of a mapping: words, names, qualities.</summary>
    public const int MappingTableCountMax = 4_096;

    /// <summary>Seconds of an interval of which a lane keeps extremes; below it nothing would be won.</summary>
    public const double ThinSecondsMin = 1;

    /// <summary>
    /// Assets of which the relations between signals are watched: 37 KB of state each with 64 signals, 10 MB in all.
    /// </summary>
    public const int RelationAssetCountMax = 256;

    /// <summary>Signals of one asset whose relations are watched; fewer have none.</summary>
    public const int RelationSignalCountMin = 2;

    /// <summary>Signals of one asset whose relations are watched: the time of a row grows with the square.</summary>
    public const int RelationSignalCountMax = 64;

    /// <summary>Seconds of a row of relations: an hour; what is slower has not shown a day in a month.</summary>
    public const double RelationSecondsMax = 3_600;

    /// <summary>Rows to learn relations from; docs/detection/assets.md says what fewer cost.</summary>
    public const int RelationRowsMin = 1_000;

    /// <summary>Episodes, and spells of weather, of one scenario of the simulated mine.</summary>
    public const int ScenarioItemCountMax = 10_000;

    /// <summary>Seconds in a delay or period: a year.</summary>
    public const double SecondsMax = 366 * 86_400;
}
