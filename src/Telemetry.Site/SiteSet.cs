namespace Telemetry.Site;

/// <summary>All files of a site.</summary>
/// <param name="Own">The engineer's own file, or what stands for it where there is none.</param>
/// <param name="Fragments">The files of <c>site.d</c>, in the order of their names.</param>
public sealed record SiteSet(SiteSource Own, IReadOnlyList<SiteSource> Fragments)
{
    /// <summary>What stands for the file of a site that has none: a name and nothing else.</summary>
    public static SiteSource NoFile { get; } = new("(no site file)", "site: default\n");

    /// <summary>The same site with another file in its <c>site.d</c>; one of that name is replaced.</summary>
    public SiteSet With(SiteSource fragment)
    {
        ArgumentNullException.ThrowIfNull(fragment);
        IEnumerable<SiteSource> others = Fragments.Where(other => other.Name != fragment.Name);
        return this with
        {
            Fragments = [.. others.Append(fragment).OrderBy(source => source.Name, StringComparer.Ordinal)],
        };
    }
}
