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

    /// <summary>Seconds in a delay or period: a year.</summary>
    public const double SecondsMax = 366 * 86_400;
}
