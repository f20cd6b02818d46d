namespace Telemetry.Store.InfluxQl;

/// <summary>The names by which clients may call the one database there is. Names are case-sensitive.</summary>
public sealed class DatabaseNames
{
    /// <summary>The one retention policy there is.</summary>
    public const string RetentionPolicy = "autogen";

    private readonly HashSet<string> _known;

    /// <param name="main">Its own name, for instance <c>telemetry</c>.</param>
    /// <param name="aliases">Further names that mean the same.</param>
    public DatabaseNames(string main, params IEnumerable<string> aliases)
    {
        ArgumentException.ThrowIfNullOrEmpty(main);
        Main = main;
        All = [main, .. aliases.Where(alias => alias != main).Distinct()];
        _known = new HashSet<string>(All, StringComparer.Ordinal);
    }

    /// <summary>Its own name.</summary>
    public string Main { get; }

    /// <summary>Its own name and then the aliases.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>True for its own name and every alias.</summary>
    public bool Contains(string name) => _known.Contains(name);
}
