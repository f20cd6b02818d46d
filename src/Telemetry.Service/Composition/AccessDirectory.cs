namespace Telemetry.Service;

/// <summary>Where identities and the audit log lie.</summary>
internal static class AccessDirectory
{
    public static string Of(string dataDirectory) => Path.GetFullPath(Path.Combine(dataDirectory, "access"));
}
