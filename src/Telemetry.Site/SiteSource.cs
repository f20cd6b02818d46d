namespace Telemetry.Site;

/// <summary>The text of one file of a site.</summary>
/// <param name="Name">What faults call the file.</param>
/// <param name="Text">What stands in it.</param>
public sealed record SiteSource(string Name, string Text)
{
    /// <summary>True for a file of <c>site.d</c>, which adds to the site and does not name it.</summary>
    public bool IsFragment { get; init; }
}
