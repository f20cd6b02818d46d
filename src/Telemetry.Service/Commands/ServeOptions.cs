using System.CommandLine;
using Telemetry.Model;
using Telemetry.Site;

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
        command.Options.Add(_dataDirectory);
        command.Options.Add(_mqttPort);
        command.Options.Add(_httpPort);
        command.Options.Add(_site);
        command.Options.Add(_set);
    }

    /// <summary>Reads settings and site file; prints every fault and gives null when there is one.</summary>
    public ValidSettings? Read(ParseResult arguments, SiteCatalogue? siteWithoutFile = null)
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

        SiteCatalogue? site = ReadSite(options.SiteFile, siteWithoutFile ?? SiteCatalogue.Empty);
        return faults.Length == 0 && site is not null ? new ValidSettings(options, site, configuration) : null;
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

    private static SiteCatalogue? ReadSite(string path, SiteCatalogue withoutFile)
    {
        if (path.Length == 0)
        {
            return withoutFile;
        }

        if (Directory.Exists(path))
        {
            Console.Error.WriteLine($"cannot read site file '{path}': it is a directory; give the YAML file in it");
            return null;
        }

        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"cannot read site file '{path}': {cause.Message}");
            return null;
        }

        SiteLoad load = SiteFile.Load(text, path);
        foreach (SiteFault fault in load.Faults)
        {
            Console.Error.WriteLine(fault);
        }

        return load.Catalogue;
    }
}

/// <summary>Settings without a fault.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Site">The site.</param>
/// <param name="Configuration">Where they come from.</param>
internal sealed record ValidSettings(ServiceOptions Options, SiteCatalogue Site, IConfigurationRoot Configuration);
