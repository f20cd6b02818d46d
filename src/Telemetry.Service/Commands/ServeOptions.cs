using System.CommandLine;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Service;

/// <summary>The options that <c>serve</c>, <c>demo</c> and <c>check</c> share, and what they amount to.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string> _dataDirectory = new("--data-dir")
    {
        Description = "Everything the service keeps lies below this directory",
        DefaultValueFactory = _ => "data",
    };

    private readonly Option<int?> _mqttPort = new("--mqtt-port") { Description = "MQTT port (1883); 0 picks one" };

    private readonly Option<int?> _httpPort = new("--http-port") { Description = "HTTP port (8080); 0 picks one" };

    private readonly Option<string?> _site;

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "A setting, as Section:Key=value; may be repeated",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<MqttProfile?> _profile = new("--profile")
    {
        Description = "conformance: behave as MQTT conformance suites expect; never for a mine",
    };

    /// <param name="withoutSite">What is there without a site file, for the help text.</param>
    public ServeOptions(string withoutSite = "every topic is taken") =>
        _site = new("--site") { Description = $"Site file (YAML); without it {withoutSite}" };

    public void AddTo(Command command)
    {
        command.Options.Add(_profile);
        command.Options.Add(_mqttPort);
        command.Options.Add(_httpPort);
        AddSiteTo(command);
    }

    /// <summary>Adds what settings and site are read by, for a command that serves nobody.</summary>
    public void AddSiteTo(Command command)
    {
        command.Options.Add(_dataDirectory);
        command.Options.Add(_site);
        command.Options.Add(_set);
    }

    /// <summary>Reads settings and site file; prints every fault and gives null when there is one.</summary>
    public ValidSettings? Read(ParseResult arguments, SiteSource? siteWithoutFile = null)
    {
        string? dataDirectory = arguments.GetValue(_dataDirectory);
        IConfigurationRoot configuration;
        try
        {
            configuration = SettingsSource.Build(dataDirectory, [.. Assignments(arguments)]);
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidDataException or FormatException
            or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(ConfigurationFault.Of(cause, dataDirectory));
            return null;
        }

        (ServiceOptions options, IReadOnlyList<SettingFault> found) = OptionsCheck.Read(configuration);
        SettingFault[] faults = [.. SettingValues.UnknownAssignments(arguments.GetValue(_set) ?? []), .. found];
        foreach (SettingFault fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        (SiteOrigin Origin, SiteCatalogue Site)? read = ReadSite(options, siteWithoutFile ?? SiteSet.NoFile);
        return faults.Length == 0 && read is { } site
            ? new ValidSettings(options, site.Site, site.Origin, configuration)
            : null;
    }

    private IEnumerable<string> Assignments(ParseResult arguments)
    {
        IEnumerable<string> assignments = arguments.GetValue(_set) ?? [];
        if (arguments.GetValue(_profile) == MqttProfile.Conformance)
        {
            assignments = assignments.Concat(
                ["Mqtt:Profile=Conformance", "Mqtt:ReceiveMaximum=20", "Mqtt:KeepAliveSecondsMax=60"]);
        }

        if (arguments.GetValue(_mqttPort) is { } mqttPort)
        {
            assignments = assignments.Append($"Mqtt:Port={mqttPort}");
        }

        if (arguments.GetValue(_httpPort) is { } httpPort)
        {
            assignments = assignments.Append($"Http:Port={httpPort}");
        }

        return arguments.GetValue(_site) is { } site ? assignments.Append($"SiteFile={site}") : assignments;
    }

    /// <summary>Reads all files of the site; prints every fault and gives null when there is one.</summary>
    private static (SiteOrigin Origin, SiteCatalogue Site)? ReadSite(ServiceOptions options, SiteSource withoutFile)
    {
        string beside = options.SiteFile.Length > 0
            ? Path.GetDirectoryName(options.SiteFile) ?? ""
            : options.DataDirectory;
        string directory = options.SiteDirectory.Length > 0 ? options.SiteDirectory : Path.Combine(beside, "site.d");
        var files = new SiteFiles(new DiskFileSystem(), options.SiteFile, withoutFile, directory);
        SiteSet? set = files.Read(out IReadOnlyList<SiteFault> faults);
        SiteLoad load = set is null ? new SiteLoad(null, faults) : SiteFile.Load(set);
        foreach (SiteFault fault in load.Faults)
        {
            Console.Error.WriteLine(fault);
        }

        string archive = Path.GetFullPath(Path.Combine(options.DataDirectory, "sites"));
        return load.Catalogue is { } site ? (new SiteOrigin(files, set!, archive), site) : null;
    }
}

/// <summary>Settings without a fault.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Site">The site.</param>
/// <param name="Origin">The files the site was read from.</param>
/// <param name="Configuration">Where they come from.</param>
internal sealed record ValidSettings(
    ServiceOptions Options, SiteCatalogue Site, SiteOrigin Origin, IConfigurationRoot Configuration);
