using Telemetry.Model;

namespace Telemetry.Site;

/// <summary>The pilot plant as it ships: 43 assets and 10 gateways of a small tin mine and its concentrator.</summary>
public static class DefaultSite
{
    /// <summary>The name under which faults of the embedded file would be told.</summary>
    public const string FileName = "default-site.yaml";

    private const string ResourceName = "Telemetry.Site.default-site.yaml";

    /// <summary>The text of the site file, ready to be written out as a start for one's own.</summary>
    public static string Yaml { get; } = ReadResource();

    /// <summary>The embedded site as a file.</summary>
    public static SiteSource Source => new(FileName, Yaml);

    /// <summary>Reads the embedded site.</summary>
    /// <exception cref="InvalidOperationException">The embedded file has faults, which is a bug.</exception>
    public static SiteCatalogue Load()
    {
        SiteLoad load = SiteFile.Load(Yaml, FileName);
        return load.Catalogue ?? throw new InvalidOperationException(
            $"BUG: the embedded site file has {load.Faults.Count} faults, the first is {load.Faults[0]}");
    }

    private static string ReadResource()
    {
        using Stream stream = typeof(DefaultSite).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"BUG: resource \"{ResourceName}\" is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
