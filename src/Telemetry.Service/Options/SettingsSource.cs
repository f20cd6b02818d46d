namespace Telemetry.Service;

/// <summary>Where settings come from, in order; later ones win.</summary>
internal static class SettingsSource
{
    public static IConfigurationRoot Build(string? dataDirectory, IReadOnlyList<string> assignments)
    {
        var builder = new ConfigurationBuilder();
        builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        if (dataDirectory is not null)
        {
            builder.AddJsonFile(Path.GetFullPath(Path.Combine(dataDirectory, "telemetry.json")), optional: true);
        }

        builder.AddEnvironmentVariables();
        builder.AddInMemoryCollection(assignments.Select(Split));
        if (dataDirectory is not null)
        {
            builder.AddInMemoryCollection([new(nameof(ServiceOptions.DataDirectory), dataDirectory)]);
        }

        return builder.Build();
    }

    private static KeyValuePair<string, string?> Split(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(assignment[..equals], assignment[(equals + 1)..])
            : throw new ArgumentException($"'{assignment}' is no setting; write --set Section:Key=value");
    }
}
